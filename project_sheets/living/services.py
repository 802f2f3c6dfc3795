"""Writes of what keeps a sheet true."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from directory.models import Organisation
from portal.accounts.models import User
from portal.joining.selectors import deciders_for
from portal.mail.services import queue_mail
from portal.notifications.services import mark_seen, record_event
from project_sheets.editing.selectors import told_of
from project_sheets.editing.services import hold, record
from project_sheets.enums import CorrectionStatus, EventKind
from project_sheets.links import absolute, public_url
from project_sheets.living.rules import EMAIL_KEPT, STILL_TRUE, still_true_group
from project_sheets.living.selectors import fresh_since, stale_sheets
from project_sheets.models import ProjectSheetPage, SheetCorrection, SheetReminder


@transaction.atomic
def confirm_sheet(*, sheet: ProjectSheetPage, by: User, on_behalf_of: Organisation | None = None) -> datetime:
    """Note that the published sheet is right today; for the people who look after it.

    Twice on the same day is once in the journal. Returns the moment that its page shows.
    """
    held = hold(sheet)
    now = timezone.now()
    previous = held.last_confirmed_at
    held.last_confirmed_at = now
    held.save(clean=False, update_fields=["last_confirmed_at"])
    if previous is None or timezone.localdate(previous) != timezone.localdate(now):
        record(sheet=held, kind=EventKind.CONFIRMED, by=by, on_behalf_of=on_behalf_of)
    # Whoever was asked as well need not answer any more.
    for user in told_of(held):
        mark_seen(user=user, group=still_true_group(held.pk))
    return now


def remind_of_stale_sheets(now: datetime | None = None) -> int:
    """Ask the people who look after a stale sheet whether it is still right; returns how many sheets.

    Safe to run again: a sheet is asked about at most once in thirty days. Each of them is told as they chose.
    """
    now = now or timezone.now()
    return sum(_remind(sheet, now) for sheet in stale_sheets(now))


@transaction.atomic
def _remind(sheet: ProjectSheetPage, now: datetime) -> bool:
    held = hold(sheet)
    if not stale_sheets(now).filter(pk=held.pk).exists():
        return False
    if not told_of(held):
        return False
    reminder = SheetReminder.objects.create(sheet=held, sent_at=now)
    record_event(STILL_TRUE, about=held, key=str(reminder.pk), data={"since": str(fresh_since(held))})
    return True


@transaction.atomic
def propose_correction(
    *, sheet: ProjectSheetPage, text: str, part: str = "", author: User | None = None, email: str = ""
) -> SheetCorrection:
    """Keep what a reader would correct in a published sheet, and tell whoever looks after it.

    A sheet that nobody looks after is its region's team's.
    """
    correction = SheetCorrection.objects.create(sheet=sheet, text=text, part=part, author=author, email=email)
    for user in told_of(sheet) or deciders_for(sheet.region):
        queue_mail(
            "project_sheets.correction",
            to=user.email,
            key=f"sheets:correction:{correction.pk}:{user.pk}",
            context={"title": sheet.title, "text": text},
            url=absolute("sheet_editing:corrections", sheet.uid),
        )
    return correction


@transaction.atomic
def answer_correction(*, correction: SheetCorrection, by: User, is_accepted: bool, answer: str = "") -> bool:
    """Accept or refuse a correction; its author is told, and a visitor's address forgotten. For the writers.

    False when somebody has answered already.
    """
    held = (
        SheetCorrection.objects.select_for_update(of=("self",)).select_related("sheet", "author").get(pk=correction.pk)
    )
    if held.status != CorrectionStatus.OPEN:
        return False
    to = held.author.email if held.author and held.author.is_active else held.email
    held.status = CorrectionStatus.ACCEPTED if is_accepted else CorrectionStatus.REFUSED
    held.answer, held.answered_by, held.answered_at, held.email = answer, by, timezone.now(), ""
    held.save()
    if is_accepted:
        record(sheet=held.sheet, kind=EventKind.CORRECTED, by=by)
    if to:
        queue_mail(
            "project_sheets.correction_answered",
            to=to,
            key=f"sheets:correction-answered:{held.pk}",
            context={"title": held.sheet.title, "answer": answer, "is_accepted": is_accepted},
            url=public_url(held.sheet),
        )
    return True


def forget_addresses(now: datetime | None = None) -> int:
    """Forget the addresses of visitors whom nobody has answered for half a year; returns how many."""
    limit = (now or timezone.now()) - EMAIL_KEPT
    old = SheetCorrection.objects.filter(created_at__lt=limit).exclude(email="")
    return int(old.update(email=""))
