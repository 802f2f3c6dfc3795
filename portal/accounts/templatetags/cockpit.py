"""The navigation of "Animation", for ``accounts/animation.html``."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.translation import gettext as _

from portal.accounts.cockpit import animation_links

register = template.Library()


@register.simple_tag(takes_context=True)
def animation_navigation(context: Context) -> list[dict[str, Any]]:
    """Return the entries that the reader sees, the one of this page marked."""
    return animation_links(context["request"])


@register.simple_tag(takes_context=True)
def animation_trail(context: Context, label: str = "") -> list[dict[str, Any]]:
    """Return the trail of a page: home, the first entry of "Animation", the entry that holds it, then ``label``."""
    links = animation_links(context["request"])
    trail = [{"label": _("Home"), "url": "/"}]
    trail += [{"label": _("Animation"), "url": link["url"]} for link in links[:1]]
    trail += [link for link in links[1:] if link["current"]]
    return [*trail, {"label": label}] if label else trail
