"""The button that follows something: ``{% follow_button object %}``."""

from typing import Any

from django import template
from django.db.models import Model
from django.template.context import Context
from django.urls import reverse
from django.utils.http import urlencode

from portal.accounts.rules import is_member
from portal.notifications.follows import followable_of
from portal.notifications.selectors import is_following

register = template.Library()


@register.inclusion_tag("notifications/_follow_button.html", takes_context=True)
def follow_button(context: Context, target: Model) -> dict[str, Any]:
    """Show a member the button to follow ``target`` or to end it; a visitor is led to sign in.

    For pages of one thing: it costs a member one query. Visitors' pages stay the same for all.
    """
    request = context["request"]
    user = request.user
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "target": f"{followable_of(target).model}:{target.pk}",
        "here": request.get_full_path(),
        "is_member": is_member(user),
        "is_visitor": not user.is_authenticated,
        "is_following": is_member(user) and is_following(user, target),
        "sign_in_url": f"{reverse('account_login')}?{urlencode({'next': request.path})}",
    }
