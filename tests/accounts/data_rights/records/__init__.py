"""One record of every declared kind for one person, with a marker in each of its personal fields.

Each app has its module here. A kind that is declared and has no maker fails
``test_every_declared_kind_has_a_record``. What a person wrote for the others (a message of the forum, an
announcement, a correction) stays as it is, without their name: makers put no marker there.
"""

from typing import Any

from portal.accounts.models import User
from tests.accounts.data_rights.records import (
    accounts,
    agenda,
    directory,
    forum,
    notifications,
    portal,
    sheets,
    wagtail,
)
from tests.accounts.data_rights.records.base import MARKER, Makers, make_person

__all__ = ["MAKERS", "MARKER", "REPLACED", "make_everything", "make_person"]

_APPS = (accounts, agenda, directory, forum, notifications, portal, sheets, wagtail)
MAKERS: Makers = {label: make for app in _APPS for label, make in app.MAKERS.items()}

#: Libraries whose tables the portal replaces by its own: no row is ever written there.
REPLACED = frozenset({"wagtailimages.Image", "wagtaildocs.Document"})


def make_everything(user: User) -> dict[str, Any]:
    """Give ``user`` one record of every kind that a person has; a departure comes last, of itself."""
    return {label: make(user) for label, make in MAKERS.items() if label != "data_rights.Departure"}
