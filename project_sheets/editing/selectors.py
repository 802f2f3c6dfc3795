"""Reads of the editing of sheets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import Exists, OuterRef, Q
from wagtail.models import Comment, Revision, WorkflowState

from directory.models import Membership, Organisation
from directory.selectors import organisation_ids_written_by
from portal.accounts.models import User
from portal.accounts.rules import AnyUser, animated_by, is_administrator, is_member
from project_sheets.enums import EventKind
from project_sheets.models import ProjectSheetPage, SheetCorrection, SheetEvent, SheetInvitation, SheetLead


def led_by(user: AnyUser) -> Q:
    """Return the condition "``user`` looks after this sheet, or writes for the organisation that holds it"."""
    if not is_member(user):
        return Q(pk__in=[])
    leads = SheetLead.objects.filter(sheet_id=OuterRef("pk"), user_id=cast("int", user.pk))
    return Q(Exists(leads)) | Q(holder_id__in=organisation_ids_written_by(user))


def editable_sheets(user: AnyUser) -> Any:
    """Return the sheets that ``user`` may write: their own, those of the regions that they animate."""
    if is_administrator(user):
        return ProjectSheetPage.objects.all()
    return ProjectSheetPage.objects.filter(led_by(user) | animated_by(user, "region_id"))


def may_write(user: AnyUser, sheet_id: int) -> bool:
    """Whether ``user`` may write this sheet; no query for a visitor."""
    return user.is_authenticated and bool(editable_sheets(user).filter(pk=sheet_id).exists())


def my_sheets(user: AnyUser) -> Any:
    """Return the sheets in whose daily care ``user`` is, those that were written to last first."""
    return (
        ProjectSheetPage.objects.filter(led_by(user))
        .select_related("holder", "call")
        .order_by("-latest_revision_created_at", "title", "pk")
    )


def looks_after(user: AnyUser, sheet: ProjectSheetPage) -> bool:
    """Whether ``user`` is one of the people who answer for the sheet, and not only of its region's team."""
    return ProjectSheetPage.objects.filter(led_by(user), pk=sheet.pk).exists()


def draft_of(sheet: ProjectSheetPage) -> ProjectSheetPage:
    """Return the sheet as it was last saved, published or not."""
    return sheet.get_latest_revision_as_object()


def review_of(sheet: ProjectSheetPage) -> WorkflowState | None:
    """Return the review under way: waiting for the team, or for changes that it asked for."""
    return WorkflowState.objects.active().for_instance(sheet).select_related("current_task_state").first()


@dataclass(frozen=True)
class SheetState:
    """Where a sheet stands, for whoever writes it."""

    sheet: ProjectSheetPage
    review: WorkflowState | None
    is_archived: bool
    #: Open corrections that readers propose.
    corrections: int = 0
    #: When its publication is planned for.
    publish_at: datetime | None = None

    @property
    def is_scheduled(self) -> bool:
        """Whether its publication is planned."""
        return self.publish_at is not None

    @property
    def is_in_review(self) -> bool:
        """Whether the region's team has it."""
        return self.review is not None and self.review.status == WorkflowState.STATUS_IN_PROGRESS

    @property
    def needs_changes(self) -> bool:
        """Whether the region's team asked for changes."""
        return self.review is not None and self.review.status == WorkflowState.STATUS_NEEDS_CHANGES


def archived_ids(sheet_ids: Sequence[int]) -> set[int]:
    """Return which of these sheets are archived: the last of both events says it."""
    kinds = (EventKind.ARCHIVED, EventKind.REOPENED, EventKind.PUBLISHED)
    rows = SheetEvent.objects.filter(sheet_id__in=sheet_ids, kind__in=kinds).order_by("at", "pk")
    # The last one of a sheet stays.
    last = dict(rows.values_list("sheet_id", "kind"))
    return {sheet_id for sheet_id, kind in last.items() if kind == EventKind.ARCHIVED}


def states_of(sheets: Sequence[ProjectSheetPage]) -> dict[int, SheetState]:
    """Return where each of these sheets stands, in a fixed number of queries."""
    ids = [sheet.pk for sheet in sheets]
    texts = [str(key) for key in ids]
    active = WorkflowState.objects.active().filter(base_content_type__app_label="wagtailcore", object_id__in=texts)
    reviews = {int(review.object_id): review for review in active}
    archived = archived_ids(ids)
    planned = Revision.objects.filter(
        base_content_type__app_label="wagtailcore", object_id__in=texts, approved_go_live_at__isnull=False
    )
    moments = {int(key): moment for key, moment in planned.values_list("object_id", "approved_go_live_at")}
    counts: dict[int, int] = {}
    for sheet_id in SheetCorrection.objects.open().filter(sheet_id__in=ids).values_list("sheet_id", flat=True):
        counts[sheet_id] = counts.get(sheet_id, 0) + 1
    return {
        sheet.pk: SheetState(
            sheet,
            reviews.get(sheet.pk),
            sheet.pk in archived,
            corrections=counts.get(sheet.pk, 0),
            publish_at=moments.get(sheet.pk),
        )
        for sheet in sheets
    }


def state_of(sheet: ProjectSheetPage) -> SheetState:
    """Return where one sheet stands."""
    return states_of([sheet])[sheet.pk]


def events_of(sheet: ProjectSheetPage) -> list[SheetEvent]:
    """Return the journal of a sheet, the latest first."""
    return list(sheet.events.select_related("by", "on_behalf_of"))


def last_answer(sheet: ProjectSheetPage) -> SheetEvent | None:
    """Return what the region's team last said of a sheet, if it is the last that happened in its review."""
    said = {EventKind.CHANGES_ASKED, EventKind.REFUSED, EventKind.UNSCHEDULED}
    others = {EventKind.SUBMITTED, EventKind.WITHDRAWN, EventKind.SCHEDULED, EventKind.PUBLISHED}
    last = sheet.events.filter(kind__in=said | others).select_related("by").first()
    return last if last and last.kind in said else None


def open_comments(sheet: ProjectSheetPage) -> list[Comment]:
    """Return the comments on fields that nobody has settled, in the order of writing."""
    comments = Comment.objects.filter(page_id=sheet.pk, resolved_at=None).select_related("user")
    return list(comments.order_by("created_at", "pk"))


@dataclass(frozen=True)
class Version:
    """One saved state of a sheet."""

    revision: Revision
    by: User | None
    at: datetime
    is_latest: bool
    is_live: bool


def versions_of(sheet: ProjectSheetPage) -> Any:
    """Return the revisions of a sheet, the latest first, without their content."""
    return sheet.revisions.select_related("user").defer("content").order_by("-created_at", "-pk")


def organisations_acted_for(user: AnyUser, sheet: ProjectSheetPage | None = None) -> list[Organisation]:
    """Return the organisations in whose name ``user`` may act, the sheet's holder first."""
    if not user.is_authenticated:
        return []
    places = Membership.objects.who_write().filter(user_id=user.pk).values("organisation_id")
    found = list(Organisation.objects.filter(pk__in=places).order_by("search_text", "pk"))
    return sorted(found, key=lambda one: sheet is None or one.pk != sheet.holder_id)


def leads_with_accounts(sheet: ProjectSheetPage) -> list[SheetLead]:
    """Return the people who look after a sheet, in the order in which they came."""
    return list(sheet.leads.select_related("user").order_by("added_at", "pk"))


def told_of(sheet: ProjectSheetPage) -> list[User]:
    """Return who is written to about a sheet: its active leads."""
    rows = sheet.leads.filter(user__is_active=True).select_related("user").order_by("pk")
    return [row.user for row in rows if row.user.is_member]


def invitations_for(user: AnyUser) -> Any:
    """Return the open invitations sent to the address of ``user``."""
    return SheetInvitation.objects.open().for_person(user).select_related("sheet", "invited_by")
