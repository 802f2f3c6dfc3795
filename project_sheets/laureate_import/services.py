"""Writing the sheets of a list of laureates."""

import contextlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from directory.models import Membership
from portal.accounts.models import User
from portal.accounts.throttle import may_receive_mail
from portal.joining.services.invitations import Invitee, TooManyInvitationsError, invite, is_member_of
from project_sheets.editing.services import invite_colleague
from project_sheets.enums import FundingCategory
from project_sheets.laureate_import.checking import CREATE, WRONG, CheckedLine, Checker
from project_sheets.laureate_import.measure import has_room
from project_sheets.models import Call, FundingLine, LaureateImport, ProjectSheetPage

#: Beyond this many lines a worker imports them, and the page shows how far it is.
AT_ONCE = 40
#: A list that nobody has confirmed names people: it is not kept longer.
KEPT = timedelta(days=30)


class WrongLinesError(Exception):
    """All or nothing was asked, and lines are wrong."""


def prepare_import(*, call: Call, owner: User, file_name: str, lines: Sequence[dict[str, Any]]) -> LaureateImport:
    """Keep the lines of a file until its owner confirms; nothing is created yet."""
    return LaureateImport.objects.create(call=call, owner=owner, file_name=file_name[:120], lines=list(lines))


def start_import(*, job: LaureateImport) -> bool:
    """Mark a prepared import as running; False where somebody was faster: a double click imports once."""
    prepared = LaureateImport.objects.filter(pk=job.pk, state=LaureateImport.State.PREPARED)
    return bool(prepared.update(state=LaureateImport.State.RUNNING))


def run_import(*, job: LaureateImport, all_or_nothing: bool) -> int:
    """Create the draft sheets of a running import and return how many.

    Lines are judged again: what the portal holds may have changed since. Raises WrongLinesError,
    with nothing written, where ``all_or_nothing`` and a line is wrong; else wrong lines are left out.
    """
    lines = Checker(call=job.call, user=job.owner).check(job.lines)
    if all_or_nothing and any(line.outcome == WRONG for line in lines):
        _close(job, LaureateImport.State.FAILED)
        raise WrongLinesError
    wanted = [line for line in lines if line.outcome == CREATE]
    try:
        if all_or_nothing:
            with transaction.atomic():
                created = _create_all(job, wanted, leave_out=False)
        else:
            created = _create_all(job, wanted, leave_out=True)
    except Exception as error:
        _close(job, LaureateImport.State.FAILED)
        if isinstance(error, _REFUSED):
            raise WrongLinesError from error
        raise
    _close(job, LaureateImport.State.DONE, done=len(wanted), created=created)
    return created


def _close(job: LaureateImport, state: str, **fields: int) -> None:
    """Note how an import ended; the addresses of its leads have served, and are not kept."""
    lines = [{name: cell for name, cell in line.items() if name != "referents"} for line in job.lines]
    LaureateImport.objects.filter(pk=job.pk).update(state=state, lines=lines, **fields)


def forget_old_imports(now: datetime | None = None) -> int:
    """Delete the lists that nobody has confirmed for a month, or whose worker was stopped; returns how many."""
    open_states = (LaureateImport.State.PREPARED, LaureateImport.State.RUNNING)
    old = LaureateImport.objects.filter(state__in=open_states, created_at__lt=(now or timezone.now()) - KEPT)
    return int(old.delete()[0])


#: What the models or the database may still refuse in a line that was judged right.
_REFUSED = (ValidationError, DatabaseError)


def _create_all(job: LaureateImport, lines: Iterable[CheckedLine], *, leave_out: bool) -> int:
    created = 0
    for number, line in enumerate(lines, start=1):
        try:
            with transaction.atomic():
                create_draft(call=job.call, line=line, by=job.owner)
            created += 1
        except _REFUSED:
            if not leave_out:
                raise
        if number % 10 == 0:
            LaureateImport.objects.filter(pk=job.pk).update(done=number, created=created)
    return created


def create_draft(*, call: Call, line: CheckedLine, by: User) -> ProjectSheetPage:
    """Create the draft of one laureate, under its region; its leads complete and submit it.

    Those whom the line names are invited by ``by``, and look after the sheet once they accept.
    """
    values = line.values
    sheet = ProjectSheetPage(
        title=line.title,
        slug=_free_slug(values["region"], line.title),
        acronym=values["acronym"],
        # A visitor's summary is required; its leads write a better one before they submit.
        summary=values["summary"] or _("Project retained by the call “%(call)s”.") % {"call": call.title[:200]},
        call=call,
        wave=values["wave"],
        holder_id=values["holder_id"],
        award_date=values["award_date"],
        total_budget=values["total_budget"],
        live=False,
        has_unpublished_changes=True,
    )
    values["region"].add_child(instance=sheet)
    sheet.themes = values["themes"]
    sheet.territories = values["territories"]
    if values["state"] is not None:
        label = _("State’s grant of the call")
        sheet.funding_lines = [FundingLine(label=label, category=FundingCategory.STATE, amount=values["state"])]
    sheet.save()
    sheet.save_revision()
    for email in values["leads"]:
        _invite_lead(sheet, email, by)
    return sheet


def _invite_lead(sheet: ProjectSheetPage, email: str, by: User) -> None:
    """Ask somebody to look after a sheet, and first to join where they have not.

    Not one who was mailed too often today, nor one more where ``by`` has invited as many people as a day allows.
    """
    if not has_room(by, email) or not may_receive_mail("sheet-invitation", email):
        return
    if not is_member_of(email, None):
        # Of which organisation they are is theirs to say. Who invites too many in a day invites to the
        # sheet alone: its mail says that one needs an account.
        with contextlib.suppress(TooManyInvitationsError):
            invite(invitees=[Invitee(email, "", "", None, Membership.Role.MEMBER)], by=by)
    invite_colleague(sheet=sheet, by=by, email=email, hands_over=False, on_behalf_of=None)


def _free_slug(region: Any, title: str) -> str:
    wanted = slugify(title)[:100] or "projet"
    taken = set(region.get_children().filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(slug for slug in (wanted, *(f"{wanted}-{n}" for n in range(2, 10_000))) if slug not in taken)
