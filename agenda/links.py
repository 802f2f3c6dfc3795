"""Signed links of the mails: one for each registration, of no value to anything else."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

_REGISTRATION = "agenda.registration"
_CHECK_IN = "agenda.check-in"
_CALENDAR = "agenda.calendar"


def absolute(path: str) -> str:
    """Return the whole address of a path: from the settings, never from a request's Host."""
    return f"{settings.BASE_URL}{path}"


def absolute_url(name: str, *args: Any) -> str:
    """Return the whole address of a named page."""
    return absolute(reverse(name, args=args))


def as_webcal(address: str) -> str:
    """Return the address by which a calendar subscribes, rather than reads a file once."""
    return address.replace("https://", "webcal://").replace("http://", "webcal://")


def registration_token(uid: UUID, key: str) -> str:
    """Return what lets its holder see and cancel one registration; a new ``key`` ends it."""
    return signing.dumps([uid.hex, key], salt=_REGISTRATION)


def read_registration_token(token: str) -> tuple[UUID, str] | None:
    """Return the (uid, key) that ``token`` holds; None for one that the portal has not made."""
    return _read_pair(token, _REGISTRATION)


def check_in_token(uid: UUID, key: str) -> str:
    """Return what the code of a participant holds: it lets organisers alone do something."""
    return signing.dumps([uid.hex, key], salt=_CHECK_IN)


def read_check_in_token(token: str) -> tuple[UUID, str] | None:
    """Return the (uid, key) of a participant's code; None for one that the portal has not made."""
    return _read_pair(token, _CHECK_IN)


def _read_pair(token: str, salt: str) -> tuple[UUID, str] | None:
    try:
        uid, key = signing.loads(token, salt=salt)
        return UUID(uid), str(key)
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None


def calendar_token(user_pk: int, key: str) -> str:
    """Return what the address of a member's own calendar holds."""
    return signing.dumps([user_pk, key], salt=_CALENDAR)


def read_calendar_token(token: str) -> tuple[int, str] | None:
    """Return the (account, key) that the address of a calendar holds; None for a forged one."""
    try:
        user_pk, key = signing.loads(token, salt=_CALENDAR)
        return int(user_pk), str(key)
    except (signing.BadSignature, ValueError, TypeError):
        return None
