"""Publications that were planned for a day and an hour: kept, put off, called off, done."""

from datetime import datetime
from typing import Any

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision

from portal.accounts.models import User
from portal.moderation import journal
from project_sheets.editing.services import hold, record
from project_sheets.enums import EventKind
from project_sheets.links import form_url
from project_sheets.models import ProjectSheetPage, SheetEvent
from project_sheets.review.acting import Act, acting
from project_sheets.review.services import AlreadyDoneError, NotReadyError, what_blocks
from project_sheets.review.signals import tell_writers


def publish_planned_sheets() -> None:
    """Publish the pages whose planned moment has come, and take down those whose end has.

    Wagtail's own command does both for every page; it is called only when there is something to do.
    """
    now = timezone.now()
    due = Revision.objects.filter(approved_go_live_at__lt=now).exists()
    if due or Page.objects.live().filter(expire_at__lt=now).exists():
        call_command("publish_scheduled")


@transaction.atomic
def change_plan(*, sheet: ProjectSheetPage, by: User, publish_at: datetime) -> None:
    """Plan the accepted version for another moment; for the animators of its region.

    Whoever looks after the sheet is mailed. Raises AlreadyDoneError when nothing is planned any more.
    """
    revision = _planned(sheet)
    _set_moment(revision, publish_at, by)
    event = record(sheet=sheet, kind=EventKind.SCHEDULED, by=by)
    _journal("sheets.plan", sheet, by, "")
    _tell(sheet, "project_sheets.scheduled", event, day=publish_at)


@transaction.atomic
def publish_now(*, sheet: ProjectSheetPage, by: User) -> None:
    """Publish the accepted version without waiting for its moment; for the animators of its region.

    Whoever looks after the sheet is mailed. Raises AlreadyDoneError when nothing is planned any more,
    NotReadyError when what it names has gone meanwhile.
    """
    revision = _planned(sheet)
    if problems := what_blocks(revision.as_object()):
        raise NotReadyError(problems)
    _set_moment(revision, None, by)
    with acting(Act(by=by)):
        revision.publish(user=by)
    _journal("sheets.approve", sheet, by, "")


@transaction.atomic
def call_off(*, sheet: ProjectSheetPage, by: User, text: str) -> None:
    """Give the accepted version back to its writers, unpublished; for the animators of its region.

    They are mailed ``text``, and may propose it again. Raises AlreadyDoneError when nothing is
    planned any more.
    """
    _set_moment(_planned(sheet), None, by)
    event = record(sheet=sheet, kind=EventKind.UNSCHEDULED, by=by, text=text)
    _journal("sheets.call_off", sheet, by, text)
    _tell(sheet, "project_sheets.called_off", event)


def _planned(sheet: ProjectSheetPage) -> Revision:
    """Return the version of a sheet that is to be published, the sheet being held."""
    revision = hold(sheet).revisions.exclude(approved_go_live_at=None).first()
    if revision is None:
        raise AlreadyDoneError
    return revision


def _set_moment(revision: Revision, moment: datetime | None, by: User) -> None:
    """Write when a version goes online wherever Wagtail reads it: beside it, in it, on a page that is a draft."""
    revision.approved_go_live_at = moment
    # Wagtail's own history notes a moment that is taken back, which it reads in the content.
    revision.save(user=by, update_fields=["approved_go_live_at"])
    revision.content = {**revision.content, "go_live_at": moment}
    revision.save(update_fields=["content"])
    ProjectSheetPage.objects.filter(pk=revision.object_id, live=False).update(go_live_at=moment)


def _tell(sheet: ProjectSheetPage, mail: str, event: SheetEvent, **more: Any) -> None:
    submitted = sheet.events.filter(kind=EventKind.SUBMITTED).select_related("by").first()
    tell_writers(sheet, mail, event, submitted.by if submitted else None, form_url(sheet), **more)


def _journal(action: str, sheet: ProjectSheetPage, by: User, reason: str) -> None:
    journal.record(action=action, actor=by, target=sheet, reason=reason, data={"region_id": sheet.region_id})
