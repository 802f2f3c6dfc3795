"""The filter that links acronyms to the glossary."""

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from portal.taxonomy.glossary import current_glossary, link_acronyms

register = template.Library()


@register.filter
def glossary(html: str, leave: str = "") -> SafeString:
    """Link the first occurrence of each known acronym in ``html``, escaped first unless it is safe.

    ``leave`` is an acronym not to link: an entry does not link to itself.
    """
    safe = conditional_escape(html or "")
    return mark_safe(link_acronyms(safe, glossary=current_glossary(), leave=leave))  # noqa: S308 -- only links are added
