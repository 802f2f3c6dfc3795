"""Saving one step: everything between what was posted and what is answered."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.http import QueryDict

from portal.accounts.models import User
from project_sheets.editing.differences import Difference, differences_between
from project_sheets.editing.selectors import draft_of
from project_sheets.editing.services import ensure_writable, hold, save_draft
from project_sheets.editing.steps import Step, StepEditor, fingerprint
from project_sheets.models import ProjectSheetPage


@dataclass(frozen=True)
class Conflict:
    """Somebody saved this step while it was being written."""

    by: User | None
    at: datetime | None
    #: From their version to the one that was typed; empty where the typed one is not valid.
    differences: list[Difference]


@dataclass(frozen=True)
class Outcome:
    """What became of a step that was posted."""

    editor: StepEditor
    is_saved: bool
    #: What the next saving must send back as ``seen``.
    seen: str
    at: datetime | None
    conflict: Conflict | None = None


@transaction.atomic
def save_step(*, sheet: ProjectSheetPage, user: User, step: Step, data: QueryDict) -> Outcome:
    """Save what was typed in ``step``, unless it is wrong or somebody saved the same step meanwhile.

    ``data["seen"]`` tells which state of the step was shown. Nothing is written on a conflict, nor
    where nothing changed. Raises LockedError.
    """
    held = hold(sheet)
    ensure_writable(sheet=held, user=user)
    draft = draft_of(held)
    current = fingerprint(step, draft)
    editor = StepEditor(step, draft, data)
    is_valid = editor.is_valid()
    written = fingerprint(step, editor.store()) if is_valid else ""
    is_same = written == current and held.latest_revision_id is not None
    # What stands there already is nobody's conflict: most often one's own automatic saving was faster.
    if data.get("seen", "") != current and not is_same:
        conflict = _conflict(held, editor if is_valid else None)
        return Outcome(editor, is_saved=False, seen=current, at=held.latest_revision_created_at, conflict=conflict)
    if not is_valid:
        return Outcome(editor, is_saved=False, seen=current, at=held.latest_revision_created_at)
    if is_same:
        return Outcome(editor, is_saved=True, seen=current, at=held.latest_revision_created_at)
    revision = save_draft(draft=draft, user=user)
    return Outcome(editor, is_saved=True, seen=written, at=revision.created_at)


def _conflict(sheet: ProjectSheetPage, editor: StepEditor | None) -> Conflict:
    """Tell who was faster, and what differs from what ``editor`` has stored; None where it was not valid."""
    latest = sheet.latest_revision
    differences = []
    if editor is not None:
        differences = differences_between(draft_of(sheet), editor.draft, [editor.step])
    return Conflict(
        by=latest.user if latest else None, at=latest.created_at if latest else None, differences=differences
    )
