"""Links that open an account: signed, short-lived, good for one use.

A token carries no secret of its own. It is signed with a digest of what the account is now, so that
it dies by itself when the password or the address changes, when the account is closed, and when any
link has been used (``User.link_stamp``).
"""

from dataclasses import dataclass

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from portal.accounts.models import User, new_link_stamp

MAX_NEXT = 300


@dataclass(frozen=True)
class LinkKind:
    """What a link is for, and how many seconds it lives."""

    name: str
    seconds: int


SIGN_IN = LinkKind("sign-in", 15 * 60)
NEW_PASSWORD = LinkKind("new-password", 60 * 60)


@dataclass(frozen=True)
class OpenedLink:
    """A link that still opens the account of ``user``; ``next_url`` is where the person was going."""

    user: User
    next_url: str


def _state_of(user: User) -> str:
    state = "\n".join((str(user.pk), user.password, user.email, user.link_stamp, str(user.is_active)))
    return salted_hmac("accounts.link", state, algorithm="sha256").hexdigest()


def make_link_token(kind: LinkKind, user: User, *, next_url: str = "") -> str:
    """Return a token for an address; ``next_url`` is a path of the portal, dropped when it is very long."""
    kept = next_url if len(next_url) <= MAX_NEXT else ""
    return signing.dumps([user.short_id, _state_of(user), kept], salt=f"accounts.link.{kind.name}")


def read_link_token(kind: LinkKind, token: str) -> OpenedLink | None:
    """Return what a token opens; None when it is forged, too old, used, or of another kind."""
    try:
        short_id, state, next_url = signing.loads(token, salt=f"accounts.link.{kind.name}", max_age=kind.seconds)
    except signing.BadSignature:
        return None
    user = User.objects.filter(short_id=short_id, is_active=True).first()
    if user is None or not constant_time_compare(_state_of(user), state):
        return None
    return OpenedLink(user, next_url)


def claim_link(user: User) -> bool:
    """Use the link that was just read; False when another request has used it in the meantime.

    The stamp is compared and changed in one statement, so that of two clicks one alone passes.
    """
    fresh = new_link_stamp()
    claimed = User.objects.filter(pk=user.pk, link_stamp=user.link_stamp).update(link_stamp=fresh)
    user.link_stamp = fresh
    return bool(claimed)
