"""What the address of an unsubscription carries: whose, and from what. Signed, without end (RFC 8058)."""

from dataclasses import dataclass

from django.core import signing
from django.urls import reverse

from portal.accounts.models import User

SALT = "notifications.unsubscribe"


@dataclass(frozen=True)
class Scope:
    """From what: "daily", "weekly", or "kind" or "follow" with which one; ``source`` is the notification mailed."""

    what: str
    which: str = ""
    source: int | None = None


def unsubscribe_path(user: User, scope: Scope) -> str:
    """Return the path of the page that unsubscribes ``user`` from ``scope``."""
    token = signing.dumps([user.short_id, scope.what, scope.which, scope.source], salt=SALT)
    return reverse("notifications:unsubscribe", args=[token])


def read_token(token: str) -> tuple[User, Scope] | None:
    """Return whom and what a token is about; None when it is forged, or its account is gone."""
    try:
        short_id, what, which, source = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    user = User.objects.filter(short_id=short_id).first()
    return (user, Scope(what, which, source)) if user else None
