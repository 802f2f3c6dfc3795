"""The navigation of "Animation", for ``accounts/animation.html``."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.translation import gettext as _

from portal.accounts.cockpit import animation_links, entries_for

register = template.Library()


@register.simple_tag(takes_context=True)
def animation_navigation(context: Context) -> list[dict[str, Any]]:
    """Return the entries that the reader sees, the one of this page marked."""
    return animation_links(context["request"])


@register.simple_tag(takes_context=True)
def animation_trail(context: Context, label: str = "") -> list[dict[str, Any]]:
    """Return the trail of a page: home, the first entry of "Animation", the entry that holds it, then ``label``."""
    entries, here = entries_for(context["request"])
    trail = [{"label": _("Home"), "url": "/"}]
    trail += [{"label": _("Animation"), "url": entry.url} for entry in entries[:1]]
    if here is not None and here is not entries[0]:
        trail.append({"label": here.label, "url": here.url})
    return [*trail, {"label": label}] if label else trail
