"""``{% cited_in "sheet:12" %}``: what cites a thing, on its own page."""

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from portal.content.citations import citations_of

register = template.Library()


@register.simple_tag(takes_context=True)
def cited_in(context: Context, key: str) -> SafeString:
    """Render every panel that cites the thing ``key`` for this reader; nothing where none does."""
    engine = context.template.engine  # type: ignore[union-attr]
    request = context["request"]
    parts = []
    for panel, data in citations_of(request, key):
        with context.push(data=data):
            parts.append(engine.get_template(panel.template).render(context))
    return mark_safe("".join(parts))  # noqa: S308 -- rendered by templates, which escape
