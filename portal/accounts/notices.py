"""What the portal tells the owner of an account, whoever acted."""

from typing import Any
from uuid import uuid4

from allauth.usersessions.models import UserSession
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.devices import device_fingerprint, device_label
from portal.accounts.models import KnownDevice, User
from portal.core.addresses import absolute
from portal.core.throttle import client_address
from portal.mail.services import queue_mail


def tell_owner(user: User, kind: str, *, path: str = "", to: str = "", **context: Any) -> None:
    """Queue a security mail to the owner of an account, at their address unless ``to`` says another."""
    queue_mail(
        f"accounts.{kind}",
        to=to or user.email,
        key=f"accounts:{kind}:{user.pk}:{uuid4()}",
        context={"first_name": user.first_name, **context},
        url=absolute(path or reverse("accounts:security")),
    )


def device_of(request: HttpRequest) -> str:
    """Return the short reading of the device that sends this request."""
    return device_label(request.headers.get("User-Agent", ""))


def note_sign_in(request: HttpRequest, user: User) -> None:
    """Remember the device of a sign-in, and tell the owner of one that the account has not seen before.

    The first sign-in of an account is no news.
    """
    fingerprint = device_fingerprint(user_agent=request.headers.get("User-Agent", ""), address=client_address(request))
    known = KnownDevice.objects.filter(user=user)
    is_first = not known.exists()
    _device, is_new = KnownDevice.objects.update_or_create(
        user=user, fingerprint=fingerprint, defaults={"label": device_of(request), "last_seen_at": timezone.now()}
    )
    if is_new and not is_first:
        tell_owner(user, "new_device", path=reverse("accounts:devices"), device=device_of(request))


def end_sessions(user: User, *, but: str = "") -> int:
    """End the sessions of an account, except the one whose key is ``but``; returns how many were ended."""
    others = list(UserSession.objects.filter(user=user).exclude(session_key=but))
    for session in others:
        session.end()
    return len(others)
