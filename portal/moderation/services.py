"""Writes of moderation."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.rules import AnyUser
from portal.moderation.enums import ReportState
from portal.moderation.journal import record
from portal.moderation.models import Report
from portal.moderation.reports import Reportable
from portal.moderation.rules import may_moderate
from portal.moderation.selectors import find_target, reports_of_same_thing
from portal.notifications.services import record_event

#: Said in the page “Données personnelles”: what a report says of its reporter is not kept longer.
KEPT_FOR = timedelta(days=365)


class NotModeratedError(Exception):
    """This person does not decide on that report."""


def report_thing(
    *, declared: Reportable, thing: Any, reporter: AnyUser, reason: str, message: str, uid: Any = None
) -> Report:
    """Store a reader's report and tell the animators of the thing's region.

    A reader who has already reported the thing gets that report back, and so does a form that is
    sent twice (``uid``). The caller has checked that ``reporter`` may read the thing.
    """
    person = reporter if reporter.is_authenticated else None
    values = {
        "target_kind": declared.slug,
        "target_pk": str(thing.pk),
        "title": f"{declared.name} – {thing}",
        "url": declared.url(thing),
        "region_id": declared.region_id(thing),
        "reporter": person,
        "reason": reason,
        "message": message,
    }
    if uid is not None:
        values["uid"] = uid
    try:
        with transaction.atomic():
            report = Report.objects.create(**values)
            record_event("moderation.reported", about=report, key=f"moderation.reported:{report.uid}", actor=person)
            return report
    except IntegrityError:
        return _earlier_report(values, uid)


def _earlier_report(values: dict[str, Any], uid: Any) -> Report:
    """Return the report that stands in the way; raises DoesNotExist where there is none."""
    same_form = Report.objects.filter(uid=uid).first() if uid is not None else None
    if same_form is not None:
        return same_form
    keys = {name: values[name] for name in ("target_kind", "target_pk", "reporter")}
    return Report.objects.open().get(**keys)


@transaction.atomic
def decide_reports(*, report: Report, by: User, state: ReportState, decision: str, hides: bool = False) -> int:
    """Close every open report of the thing of ``report`` in the same way; returns how many.

    With ``hides`` the thing is withdrawn from its readers too. The reporters are told, the journal
    is written. Two animators at once decide one time: the second closes nothing and gets 0. Raises
    NotModeratedError unless ``by`` animates the region.
    """
    if not may_moderate(by, report):
        raise NotModeratedError
    found = list(reports_of_same_thing(report).select_for_update(of=("self",)))
    if not found:
        return 0
    target = find_target(report)
    if hides and target is not None and target[0].hide is not None:
        target[0].hide(target[1], by=by, reason=decision)
    now = timezone.now()
    for one in found:
        one.state, one.decided_at, one.decided_by, one.decision = state, now, by, decision
        one.save(update_fields=["state", "decided_at", "decided_by", "decision"])
        record_event("moderation.decided", about=one, key=f"moderation.decided:{one.uid}", actor=by)
    record(
        action=f"moderation.{state}",
        actor=by,
        target=report,
        reason=decision,
        data={"region_id": report.region_id, "hidden": hides, "reports": len(found)},
    )
    return len(found)


def forget_old_reports(*, now: datetime | None = None) -> int:
    """Delete the reports decided a year ago or more; returns how many."""
    limit = (now or timezone.now()) - KEPT_FOR
    deleted, _by_model = Report.objects.filter(decided_at__lt=limit).delete()
    return deleted
