"""The steps of a sheet's review and its publication, as Wagtail announces them, become events of the ledger."""

from typing import Any

from wagtail.models import TaskState
from wagtail.signals import page_published, task_approved, task_rejected, task_submitted

from portal.accounts.models import User
from portal.notifications.services import record_event
from project_sheets.models import ProjectSheetPage


def listen() -> None:
    """Connect to the workflow; called once at start-up."""
    page_published.connect(note_published, sender=ProjectSheetPage, dispatch_uid="project-sheets-published")
    task_submitted.connect(note_submitted, dispatch_uid="project-sheets-submitted")
    task_approved.connect(note_approved, dispatch_uid="project-sheets-approved")
    task_rejected.connect(note_rejected, dispatch_uid="project-sheets-rejected")


def note_submitted(instance: TaskState, user: User | None = None, **kwargs: Any) -> None:
    """Tell the region's animators that a sheet waits."""
    _record("sheet.submitted", instance, user)


def note_approved(instance: TaskState, user: User | None = None, **kwargs: Any) -> None:
    """Tell who submitted a sheet, and its leads, that it is published."""
    _record("sheet.approved", instance, user)


def note_rejected(instance: TaskState, user: User | None = None, **kwargs: Any) -> None:
    """Tell who submitted a sheet, and its leads, that it needs changes."""
    _record("sheet.rejected", instance, user)


def note_published(instance: ProjectSheetPage, **kwargs: Any) -> None:
    """Tell who follows a theme or a territory of a sheet that it is there; once, at its first publication."""
    if instance.first_published_at == instance.last_published_at:
        record_event("sheet.published", about=instance, key=f"sheet:{instance.pk}", actor=instance.owner)


def _record(kind: str, task_state: TaskState, user: User | None) -> None:
    state = task_state.workflow_state
    sheet = state.content_object
    if isinstance(sheet, ProjectSheetPage):
        record_event(
            kind,
            about=sheet,
            key=f"task:{task_state.pk}",
            actor=user,
            data={"submitted_by": state.requested_by_id},
        )
