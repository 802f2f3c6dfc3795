"""What the steps of a review bring about, whether they are done on our pages or in Wagtail's admin.

Wagtail mails links into its admin, where the people who write sheets have no access. Our receivers
bear the names of its own, which are therefore never connected; for other pages they call them.
Signals are sent inside the transaction: the outbox makes that safe.
"""

from typing import Any

from wagtail.admin import signal_handlers
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import (
    page_published,
    task_submitted,
    workflow_approved,
    workflow_cancelled,
    workflow_rejected,
    workflow_submitted,
)

from portal.accounts.models import User
from portal.accounts.rules import animates
from portal.joining.selectors import deciders_for
from portal.mail.services import cancel_mail, queue_mail
from portal.notifications.services import record_event
from project_sheets.editing.selectors import told_of
from project_sheets.editing.services import record
from project_sheets.enums import EventKind
from project_sheets.links import absolute, form_url, public_url
from project_sheets.models import ProjectSheetPage, SheetEvent
from project_sheets.review.acting import current_act

#: What a review says, the latest of which tells where it stands.
REVIEW_KINDS = (
    *(EventKind.SUBMITTED, EventKind.WITHDRAWN, EventKind.CHANGES_ASKED, EventKind.REFUSED),
    *(EventKind.SCHEDULED, EventKind.UNSCHEDULED, EventKind.PUBLISHED),
)


def _sheet_of(state: WorkflowState) -> ProjectSheetPage | None:
    return ProjectSheetPage.objects.filter(pk=state.object_id).first() if _is_page(state) else None


def _is_page(state: WorkflowState) -> bool:
    return state.base_content_type.model == "page"


def _note_on_site(kind: str, event: SheetEvent, author: User | None) -> None:
    """Have it told on the site too, among the news of those whom it concerns."""
    data = {"submitted_by": author.pk if author else None}
    record_event(kind, about=event.sheet, key=f"sheet-event:{event.pk}", actor=event.by, data=data)


def _last_step(sheet: ProjectSheetPage) -> SheetEvent | None:
    return sheet.events.filter(kind__in=REVIEW_KINDS).first()


def _note(sheet: ProjectSheetPage, kind: str, user: User | None, text: str = "") -> SheetEvent:
    act = current_act()
    return record(sheet=sheet, kind=kind, by=user, on_behalf_of=act.on_behalf_of, text=text or act.text)


def tell_writers(
    sheet: ProjectSheetPage, mail: str, event: SheetEvent, also: User | None, url: str, **more: Any
) -> None:
    """Mail those who look after the sheet, and whoever submitted it."""
    people = {user.pk: user for user in [*told_of(sheet), *([also] if also and also.is_active else [])]}
    for user in people.values():
        queue_mail(
            mail,
            to=user.email,
            key=f"sheets:{event.kind}:{event.pk}:{user.pk}",
            context={"title": sheet.draft_title or sheet.title, "reason": event.text, **more},
            url=url,
        )


def on_submitted(sender: Any, instance: TaskState, user: User | None, **kwargs: Any) -> None:
    """Tell the region's team that a sheet waits."""
    sheet = _sheet_of(instance.workflow_state)
    if sheet is None:
        signal_handlers.task_submission_email_notifier(sender=sender, instance=instance, user=user, **kwargs)
        return
    event = _note(sheet, EventKind.SUBMITTED, user)
    _note_on_site("sheet.submitted", event, user)
    for animator in deciders_for(sheet.region):
        queue_mail(
            "project_sheets.to_review",
            to=animator.email,
            key=f"sheets:submitted:{event.pk}:{animator.pk}",
            context={
                "title": sheet.draft_title,
                "who": str(user or ""),
                "organisation": event.on_behalf_of.name if event.on_behalf_of else "",
                "note": event.text,
                "is_update": sheet.live,
            },
            url=absolute("sheet_review:detail", sheet.uid),
        )


def on_workflow_submitted(sender: Any, instance: WorkflowState, user: User | None, **kwargs: Any) -> None:
    """Leave it to Wagtail, except for a sheet: its team has been told already."""
    if _sheet_of(instance) is None:
        signal_handlers.workflow_submission_email_notifier(sender=sender, instance=instance, user=user, **kwargs)


def on_rejected(sender: Any, instance: WorkflowState, user: User | None, **kwargs: Any) -> None:
    """Tell whoever writes the sheet what is to be changed."""
    sheet = _sheet_of(instance)
    if sheet is None:
        signal_handlers.workflow_rejection_email_notifier(sender=sender, instance=instance, user=user, **kwargs)
        return
    event = _note(sheet, EventKind.CHANGES_ASKED, user, instance.current_task_state.comment)
    _note_on_site("sheet.rejected", event, instance.requested_by)
    tell_writers(sheet, "project_sheets.changes_asked", event, instance.requested_by, form_url(sheet))


def on_cancelled(sender: Any, instance: WorkflowState, user: User | None, **kwargs: Any) -> None:
    """Tell of a refusal; a withdrawal spares the team the mails that have not left."""
    sheet = _sheet_of(instance)
    if sheet is None:
        return
    if current_act().is_refusal:
        event = _note(sheet, EventKind.REFUSED, user)
        tell_writers(sheet, "project_sheets.refused", event, instance.requested_by, form_url(sheet))
        return
    submitted = _last_step(sheet)
    # An animator who publishes in the admin cancels the review too: that is told when it is published.
    if user is not None and (user == instance.requested_by or not animates(user, sheet.region_id)):
        _note(sheet, EventKind.WITHDRAWN, user)
        for animator in deciders_for(sheet.region) if submitted else []:
            cancel_mail(key=f"sheets:submitted:{submitted.pk}:{animator.pk}")


def on_approved(sender: Any, instance: WorkflowState, user: User | None, **kwargs: Any) -> None:
    """Tell that a publication is planned; one that is done has been told when it was done."""
    sheet = _sheet_of(instance)
    if sheet is None:
        signal_handlers.workflow_approval_email_notifier(sender=sender, instance=instance, user=user, **kwargs)
        return
    planned = sheet.revisions.exclude(approved_go_live_at=None).first()
    if planned is not None:
        event = _note(sheet, EventKind.SCHEDULED, user, instance.current_task_state.comment)
        day = planned.approved_go_live_at
        tell_writers(sheet, "project_sheets.scheduled", event, instance.requested_by, form_url(sheet), day=day)


_BEFORE_PUBLICATION = {EventKind.SUBMITTED, EventKind.CHANGES_ASKED, EventKind.SCHEDULED, EventKind.UNSCHEDULED}


def on_published(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Tell whoever writes a sheet that what they submitted is public."""
    if not isinstance(instance, ProjectSheetPage) or current_act().is_reopening:
        return
    # Wagtail says "published" of a new page whose publication is only planned.
    if not instance.live:
        return
    last = _last_step(instance)
    if last is None or last.kind not in _BEFORE_PUBLICATION:
        return
    submitted = instance.events.filter(kind=EventKind.SUBMITTED).select_related("by").first()
    revision = kwargs.get("revision")
    planner = last.by if last.kind == EventKind.SCHEDULED else _publisher(revision)
    event = _note(instance, EventKind.PUBLISHED, current_act().by or planner)
    author = submitted.by if submitted else None
    _note_on_site("sheet.approved", event, author)
    tell_writers(instance, "project_sheets.published", event, author, public_url(instance))


def _publisher(revision: Any) -> User | None:
    state = TaskState.objects.filter(revision=revision).exclude(finished_by=None).order_by("-finished_at").first()
    return state.finished_by if state else None


def connect() -> None:
    """Take the place of Wagtail's mails, before Wagtail connects them under the same names."""
    for signal, receiver, sender, uid in (
        (task_submitted, on_submitted, TaskState, "group_approval_task_submitted_email_notification"),
        (workflow_submitted, on_workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification"),
        (workflow_rejected, on_rejected, WorkflowState, "workflow_state_rejected_email_notification"),
        (workflow_approved, on_approved, WorkflowState, "workflow_state_approved_email_notification"),
        (workflow_cancelled, on_cancelled, WorkflowState, "sheets-review-cancelled"),
    ):
        signal.connect(receiver, sender=sender, dispatch_uid=uid)
    page_published.connect(on_published, dispatch_uid="sheets-published")
