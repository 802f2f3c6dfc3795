"""The tokens of the links that joining mails: signed, of no value to anything else."""

from dataclasses import dataclass
from uuid import UUID

from django.core import signing

from portal.joining.enums import CONFIRMATION_LASTS

_CONFIRMATION = "joining.confirmation"
_INVITATION = "joining.invitation"


@dataclass(frozen=True)
class ReadToken:
    """What a confirmation link names, and whether its time is over."""

    uid: UUID
    is_expired: bool


def confirmation_token(uid: UUID) -> str:
    """Return the token that confirms the address of a registration."""
    return signing.dumps(uid.hex, salt=_CONFIRMATION)


def read_confirmation_token(token: str) -> ReadToken | None:
    """Return what ``token`` names; None for one that the portal has not made."""
    try:
        return ReadToken(UUID(signing.loads(token, salt=_CONFIRMATION, max_age=CONFIRMATION_LASTS)), is_expired=False)
    except signing.SignatureExpired:
        return ReadToken(UUID(signing.loads(token, salt=_CONFIRMATION)), is_expired=True)
    except (signing.BadSignature, ValueError):
        return None


def invitation_token(uid: UUID) -> str:
    """Return the token of an invitation; the row says until when it is good, and whether it was withdrawn."""
    return signing.dumps(uid.hex, salt=_INVITATION)


def read_invitation_token(token: str) -> UUID | None:
    """Return the invitation that ``token`` names; None for one that the portal has not made."""
    try:
        return UUID(signing.loads(token, salt=_INVITATION))
    except (signing.BadSignature, ValueError):
        return None
