"""Reads of the review of sheets."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.accounts.models import User
from portal.accounts.rules import AnyUser, animated_by, is_administrator, is_member
from project_sheets.enums import EventKind
from project_sheets.models import ProjectSheetPage, SheetEvent
from project_sheets.selectors import sheets_to_review


def animated_sheets(user: AnyUser) -> Any:
    """Return the sheets of the regions that ``user`` animates; every sheet for an administrator."""
    if not is_member(user) and not is_administrator(user):
        return ProjectSheetPage.objects.none()
    return ProjectSheetPage.objects.filter(animated_by(user, "region_id"))


def awaiting_count(user: User) -> int:
    """Return how many sheets wait for a decision of ``user``."""
    return int(sheets_to_review(user).count())


@dataclass(frozen=True)
class Waiting:
    """A sheet that waits, and since when."""

    sheet: ProjectSheetPage
    since: datetime | None
    by: User | None
    organisation: str


def waiting_sheets(user: AnyUser) -> Any:
    """Return the sheets that wait for ``user``, with what a row shows."""
    return sheets_to_review(user).select_related("holder", "call", "region")


def with_submissions(sheets: list[ProjectSheetPage]) -> list[Waiting]:
    """Return these sheets, each with its latest submission, in one more query."""
    events = SheetEvent.objects.filter(sheet__in=sheets, kind=EventKind.SUBMITTED)
    last: dict[int, SheetEvent] = {}
    for event in events.select_related("by", "on_behalf_of").order_by("at", "pk"):
        last[event.sheet_id] = event
    return [_waiting(sheet, last.get(sheet.pk)) for sheet in sheets]


def _waiting(sheet: ProjectSheetPage, event: SheetEvent | None) -> Waiting:
    organisation = event.on_behalf_of.name if event and event.on_behalf_of else ""
    return Waiting(sheet, event.at if event else None, event.by if event else None, organisation)


def lately_decided(user: AnyUser) -> Any:
    """Return the latest decisions on the sheets of the regions that ``user`` animates."""
    kinds = (EventKind.PUBLISHED, EventKind.SCHEDULED, EventKind.CHANGES_ASKED, EventKind.REFUSED, EventKind.ARCHIVED)
    events = SheetEvent.objects.filter(animated_by(user, "sheet__region_id"), kind__in=kinds)
    return events.select_related("sheet", "by")
