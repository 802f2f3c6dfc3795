"""Writes of the review of sheets, on Wagtail's own workflow: what is done here shows there, and back."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Comment, Revision, WorkflowState

from directory.models import Organisation
from portal.accounts.models import User
from portal.mail.services import queue_mail
from portal.moderation import journal
from project_sheets.editing.completeness import Problem, completeness_of, problems_of
from project_sheets.editing.differences import differences_between
from project_sheets.editing.selectors import draft_of, review_of, told_of
from project_sheets.editing.services import hold, record
from project_sheets.enums import EventKind
from project_sheets.links import form_url
from project_sheets.models import ProjectSheetPage
from project_sheets.review.acting import Act, acting
from project_sheets.review.selectors import reading_of


class NotReadyError(Exception):
    """The draft cannot be published as it is; ``problems`` says why, step by step."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


class AlreadyDoneError(Exception):
    """Somebody has done it, or decided otherwise, meanwhile."""


def what_blocks(draft: ProjectSheetPage) -> list[Problem]:
    """Return all that keeps a draft from being published."""
    missing = [Problem(criterion.step, str(criterion.label)) for criterion in completeness_of(draft).blocking]
    named = {problem.step for problem in missing}
    # An empty summary is told once, in our words.
    return missing + [problem for problem in problems_of(draft) if not (problem.step in named and not draft.summary)]


@transaction.atomic
def submit_sheet(
    *, sheet: ProjectSheetPage, user: User, on_behalf_of: Organisation | None = None, note: str = ""
) -> None:
    """Hand the draft to the team of its region, whole and checked; for the people who write the sheet.

    A review in which changes were asked for goes on; else one begins. The team is mailed. Raises
    NotReadyError with what is to be mended, AlreadyDoneError when the team has the sheet already.
    """
    held = hold(sheet)
    review = review_of(held)
    if review is not None and review.status == WorkflowState.STATUS_IN_PROGRESS:
        raise AlreadyDoneError
    draft = draft_of(held)
    if problems := what_blocks(draft):
        raise NotReadyError(problems)
    with acting(Act(on_behalf_of, note)):
        if review is not None:
            review.resume(user)
        else:
            held.get_workflow().start(draft, user)


@transaction.atomic
def withdraw_sheet(*, sheet: ProjectSheetPage, user: User) -> None:
    """Take the draft back from the team, to go on writing it; for the people who write the sheet.

    Raises AlreadyDoneError when the team has decided.
    """
    review = review_of(hold(sheet))
    if review is None:
        raise AlreadyDoneError
    review.cancel(user=user)


def _waiting(sheet: ProjectSheetPage, read: str | None) -> WorkflowState:
    """Return the review that waits, of the draft that was ``read``; None stands for the draft as it is now."""
    held = hold(sheet)
    review = review_of(held)
    if review is None or review.status != WorkflowState.STATUS_IN_PROGRESS:
        raise AlreadyDoneError
    # Taken back, changed and proposed again meanwhile: the decision was about another text.
    if read is not None and read != reading_of(held):
        raise AlreadyDoneError
    return review


def _journal(action: str, sheet: ProjectSheetPage, by: User, reason: str) -> None:
    """Write a decision in the journal that the animators of the region read."""
    journal.record(action=action, actor=by, target=sheet, reason=reason, data={"region_id": sheet.region_id})


@transaction.atomic
def approve_sheet(
    *,
    sheet: ProjectSheetPage,
    by: User,
    text: str = "",
    publish_at: datetime | None = None,
    read: str | None = None,
) -> None:
    """Publish the draft now, or at ``publish_at``; for the animators of its region.

    ``read`` is the ``reading_of`` the draft that was decided on. Whoever looks after the sheet is
    mailed. Raises AlreadyDoneError when it no longer waits or was changed since, NotReadyError when
    the draft is not whole (somebody changed it in the admin).
    """
    review = _waiting(sheet, read)
    draft = draft_of(hold(sheet))
    if problems := what_blocks(draft):
        raise NotReadyError(problems)
    planned = publish_at if publish_at and publish_at > timezone.now() else None
    if draft.go_live_at != planned:
        draft.go_live_at = planned
        draft.save_revision(user=by, clean=False)
    task_state = review.current_task_state
    # What the animator has read is the draft as it stands, corrected by the team or not.
    task_state.revision = draft.latest_revision
    task_state.save(update_fields=["revision"])
    with acting(Act(text=text)):
        task_state.specific.approve(user=by, comment=text)
    _journal("sheets.approve", sheet, by, text)
    Comment.objects.filter(page_id=sheet.pk, resolved_at=None).update(resolved_at=timezone.now(), resolved_by=by)


@transaction.atomic
def ask_for_changes(*, sheet: ProjectSheetPage, by: User, text: str, read: str | None = None) -> None:
    """Give the draft back with what is to be changed; for the animators of its region.

    Whoever looks after the sheet is mailed ``text``. Raises AlreadyDoneError when it no longer waits,
    or is not what was ``read`` any more.
    """
    review = _waiting(sheet, read)
    with acting(Act(text=text)):
        review.current_task_state.specific.reject(user=by, comment=text)
    _journal("sheets.ask_for_changes", sheet, by, text)


@transaction.atomic
def refuse_sheet(*, sheet: ProjectSheetPage, by: User, text: str, read: str | None = None) -> None:
    """End the review without publication, for the reason ``text``; for the animators of its region.

    What is published stays so. Raises AlreadyDoneError when it no longer waits, or is not what was
    ``read`` any more.
    """
    review = _waiting(sheet, read)
    with acting(Act(text=text, is_refusal=True)):
        review.cancel(user=by)
    _journal("sheets.refuse", sheet, by, text)


@transaction.atomic
def comment_field(*, sheet: ProjectSheetPage, by: User, field: str, text: str) -> Comment:
    """Write a comment on one field, as Wagtail's admin shows it too; for the animators of its region."""
    draft = hold(sheet)
    return Comment.objects.create(
        page_id=sheet.pk, user=by, contentpath=field, text=text, revision_created=draft.latest_revision
    )


@transaction.atomic
def settle_comment(*, comment: Comment, by: User) -> None:
    """Mark a comment as dealt with; safe to call again. For whoever writes or reviews the sheet."""
    Comment.objects.filter(pk=comment.pk, resolved_at=None).update(resolved_at=timezone.now(), resolved_by=by)


@transaction.atomic
def archive_sheet(*, sheet: ProjectSheetPage, by: User, text: str) -> None:
    """Take a published sheet out of the portal; whoever looks after it keeps it. For the region's animators.

    They are mailed ``text``. Raises AlreadyDoneError when the sheet is not published.
    """
    held = hold(sheet)
    if not held.live:
        raise AlreadyDoneError
    held.unpublish(user=by)
    event = record(sheet=held, kind=EventKind.ARCHIVED, by=by, text=text)
    _journal("sheets.archive", sheet, by, text)
    for user in told_of(held):
        queue_mail(
            "project_sheets.archived",
            to=user.email,
            key=f"sheets:archived:{event.pk}:{user.pk}",
            context={"title": held.title, "reason": text},
            url=form_url(held),
        )


@transaction.atomic
def reopen_sheet(*, sheet: ProjectSheetPage, by: User) -> None:
    """Put an archived sheet back on the portal as it was; for the region's animators.

    What its writers have changed since stays their draft. Raises AlreadyDoneError when it is
    published, NotReadyError when it is not whole or when a new version waits for its decision.
    """
    held = hold(sheet)
    if held.live:
        raise AlreadyDoneError
    review = review_of(held)
    waits = review is not None and review.status == WorkflowState.STATUS_IN_PROGRESS
    if waits or held.revisions.exclude(approved_go_live_at=None).exists():
        raise NotReadyError([Problem("", _("A new version waits for its publication: decide on that one."))])
    if problems := what_blocks(held):
        raise NotReadyError(problems)
    draft = held.latest_revision
    # Unpublishing leaves the fields and rows of the page as they were, and forgets their revision.
    online = held.save_revision(user=by, clean=False)
    with acting(Act(is_reopening=True)):
        online.publish(user=by)
    _keep_draft(draft, online)
    record(sheet=held, kind=EventKind.REOPENED, by=by)
    _journal("sheets.reopen", sheet, by, "")


def _keep_draft(draft: Revision | None, online: Revision) -> None:
    """Make ``draft`` the latest version again, still its writer's, where it says something else than ``online``."""
    if draft is None:
        return
    # Read anew: a revision remembers its page as it was before it went online.
    kept = Revision.objects.select_related("user").get(pk=draft.pk)
    written = kept.as_object()
    if differences_between(Revision.objects.get(pk=online.pk).as_object(), written):
        written.save_revision(user=kept.user, clean=False)
