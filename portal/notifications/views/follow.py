"""Follow something, or no longer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts.models import User
from portal.accounts.rules import is_member
from portal.core.keys import is_beyond_keys
from portal.notifications.follows import followables
from portal.notifications.services import follow, unfollow


@require_POST
@login_required
def change_follow(request: HttpRequest) -> HttpResponse:
    """Follow the object named by the form, or end it; back to the page where the button was."""
    if not is_member(request.user):
        raise PermissionDenied
    target = _target(request.POST.get("target", ""), request.user)  # type: ignore[arg-type]
    if request.POST.get("action") == "unfollow":
        unfollow(user=request.user, target=target)  # type: ignore[arg-type]
        messages.success(request, _("You no longer follow “%(title)s”.") % {"title": target})
    else:
        follow(user=request.user, target=target)  # type: ignore[arg-type]
        messages.success(request, _("You now follow “%(title)s”: you will be told what is new.") % {"title": target})
    return redirect(_next_of(request) or followables.get(_label_of(request)).url(target))


def _label_of(request: HttpRequest) -> str:
    return request.POST.get("target", "").partition(":")[0].lower()


def _target(named: str, user: User) -> Model:
    """Return the object "app.model:key"; raises Http404 for what is not followable or not for ``user``."""
    label, _colon, key = named.partition(":")
    if label.lower() not in followables or not key or len(key) > 40 or "\x00" in key:
        raise Http404
    if is_beyond_keys(key):
        raise Http404
    try:
        return followables.get(label.lower()).visible(user).get(pk=key)
    except (ValueError, ValidationError, OverflowError, ObjectDoesNotExist) as error:
        raise Http404 from error


def _next_of(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None) and address.startswith("/")
    return address if is_ours else ""
