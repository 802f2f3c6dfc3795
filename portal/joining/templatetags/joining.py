"""The navigation of the pages of joining under /animation/."""

from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.joining.selectors import awaiting_count

register = template.Library()


@register.simple_tag(takes_context=True)
def animation_links(context: Context) -> list[dict[str, Any]]:
    """Return the pages of the animators, with the number of people who wait."""
    request = context["request"]
    waiting = awaiting_count(request.user)
    pages = [
        (_("Accounts to approve (%(count)d)") % {"count": waiting}, reverse("joining:accounts")),
        (_("Invitations"), reverse("joining:invitations")),
    ]
    return [{"label": label, "url": url, "current": request.path.startswith(url)} for label, url in pages]
