"""The navigation of "My space", for ``accounts/space.html``."""

from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.space import space_links

register = template.Library()


@register.simple_tag(takes_context=True)
def space_navigation(context: Context) -> list[dict[str, Any]]:
    """Return the entries that the reader sees, the one of this page marked."""
    return space_links(context["request"])


@register.simple_tag(takes_context=True)
def space_trail(context: Context, label: str = "") -> list[dict[str, Any]]:
    """Return the trail of a page: home, "My space", the entry that holds it, then ``label`` if it is below one."""
    overview = reverse("accounts:space")
    trail = [{"label": _("Home"), "url": "/"}, {"label": _("My space"), "url": overview}]
    trail += [link for link in space_links(context["request"]) if link["current"] and link["url"] != overview]
    return [*trail, {"label": label}] if label else trail
