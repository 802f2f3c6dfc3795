"""The tokens of the links that the directory mails: signed, of no value to anything else."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core import signing

from directory.models import Organisation

_WORK_ADDRESS = "directory.work_address"
_FRESHNESS = "directory.freshness"
WORK_ADDRESS_LASTS = timedelta(days=7)
#: A reminder may wait for the end of a holiday.
FRESHNESS_LASTS = timedelta(days=60)


@dataclass(frozen=True)
class FreshnessLink:
    """What a reminder's link names: an organisation, as it stood when it was asked to confirm."""

    organisation_uid: UUID
    stamp: str


def work_address_token(uid: UUID) -> str:
    """Return the token that proves the professional address of a claim."""
    return signing.dumps(uid.hex, salt=_WORK_ADDRESS)


def read_work_address_token(token: str) -> UUID | None:
    """Return the claim that ``token`` names; None for a token that is forged or too old."""
    found = _read(token, _WORK_ADDRESS, WORK_ADDRESS_LASTS)
    try:
        return UUID(found)
    except (AttributeError, TypeError, ValueError):
        return None


def _stamp(organisation: Organisation) -> str:
    return organisation.confirmed_at.isoformat(timespec="seconds")


def freshness_token(organisation: Organisation) -> str:
    """Return the token by which a manager confirms a page without signing in; good until it is confirmed."""
    return signing.dumps([organisation.uid.hex, _stamp(organisation)], salt=_FRESHNESS)


def read_freshness_token(token: str) -> FreshnessLink | None:
    """Return what ``token`` names; None for a token that is forged or too old."""
    found = _read(token, _FRESHNESS, FRESHNESS_LASTS)
    try:
        uid, stamp = found
        return FreshnessLink(UUID(uid), str(stamp))
    except (AttributeError, TypeError, ValueError):
        return None


def is_answered(link: FreshnessLink, organisation: Organisation) -> bool:
    """Whether the page has been confirmed or written since the link was mailed."""
    return link.stamp != _stamp(organisation)


def _read(token: str, salt: str, lasts: timedelta) -> Any:
    try:
        return signing.loads(token, salt=salt, max_age=lasts)
    except signing.BadSignature:
        return None
