"""Reads of the review of sheets."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q
from wagtail.models import Revision

from portal.accounts.models import User
from portal.accounts.rules import AnyUser, animated_by, is_administrator, is_member
from project_sheets.enums import EventKind
from project_sheets.models import ProjectSheetPage, SheetCorrection, SheetEvent, SheetLead
from project_sheets.selectors import sheets_to_review


def animated_sheets(user: AnyUser) -> Any:
    """Return the sheets of the regions that ``user`` animates; every sheet for an administrator."""
    if not is_member(user) and not is_administrator(user):
        return ProjectSheetPage.objects.none()
    return ProjectSheetPage.objects.filter(animated_by(user, "region_id"))


def reading_of(sheet: ProjectSheetPage) -> str:
    """Return a few signs that change whenever the draft is saved: what somebody has read when they decide."""
    saved = sheet.latest_revision_created_at
    return f"{sheet.latest_revision_id or 0}-{saved.isoformat() if saved else ''}"


def awaiting_count(user: User) -> int:
    """Return how many sheets wait for a decision of ``user``."""
    return int(sheets_to_review(user).count())


def unattended_corrections(user: AnyUser) -> Any:
    """Return the open corrections of the sheets that ``user`` animates and that nobody looks after."""
    approved = User.MembershipStatus.APPROVED
    leads = SheetLead.objects.filter(
        Q(user__is_superuser=True) | Q(user__membership_status=approved),
        sheet_id=OuterRef("sheet_id"),
        user__is_active=True,
    )
    return SheetCorrection.objects.open().filter(animated_by(user, "sheet__region_id"), ~Exists(leads))


def sheets_with_unattended_corrections(user: AnyUser) -> Any:
    """Return these sheets as rows (``sheet__uid``, ``sheet__title``, ``waiting``), the oldest correction first."""
    rows = unattended_corrections(user).order_by().values("sheet__uid", "sheet__title")
    return rows.annotate(waiting=Count("pk"), since=Min("created_at")).order_by("since")


def waiting_count(user: User) -> int:
    """Return how much waits for ``user`` on the page: sheets, and corrections that reach nobody else.

    One query: every page of the animation shows it.
    """
    sheets = sheets_to_review(user).order_by().values_list("pk")
    corrections = unattended_corrections(user).order_by().values_list("pk")
    return int(sheets.union(corrections, all=True).count())


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


def planned_publications(user: AnyUser) -> list[tuple[ProjectSheetPage, datetime]]:
    """Return the sheets of the regions that ``user`` animates whose publication is planned, the soonest first."""
    planned = Revision.objects.filter(base_content_type__app_label="wagtailcore", approved_go_live_at__isnull=False)
    moments = {int(key): moment for key, moment in planned.values_list("object_id", "approved_go_live_at")}
    sheets = animated_sheets(user).filter(pk__in=list(moments))
    return sorted(((sheet, moments[sheet.pk]) for sheet in sheets), key=lambda found: found[1])


def lately_decided(user: AnyUser) -> Any:
    """Return the latest decisions on the sheets of the regions that ``user`` animates."""
    kinds = (
        *(EventKind.PUBLISHED, EventKind.SCHEDULED, EventKind.UNSCHEDULED),
        *(EventKind.CHANGES_ASKED, EventKind.REFUSED, EventKind.ARCHIVED),
    )
    events = SheetEvent.objects.filter(animated_by(user, "sheet__region_id"), kind__in=kinds)
    return events.select_related("sheet", "by")
