"""Reads of moderation: the queue of reports, the journal."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from wagtail.models import ModelLogEntry, PageLogEntry

from portal.accounts.models import User
from portal.accounts.rules import AnyUser, is_administrator, is_animator
from portal.core.keys import is_beyond_keys
from portal.moderation.journal import actions
from portal.moderation.models import Report
from portal.moderation.reports import Reportable, reportables

#: Enough to judge by; a thing that a crowd reports needs no more.
REPORTS_SHOWN = 20
DECISIONS_SHOWN = 10


@dataclass
class ReportedThing:
    """A thing that was reported, with its open reports, the first one first."""

    reports: list[Report] = field(default_factory=list)

    @property
    def first(self) -> Report:
        """The report that tells what the thing is."""
        return self.reports[0]


def find_visible(slug: str, pk: str, user: AnyUser) -> tuple[Reportable, Any] | None:
    """Return the thing named by an address and its declaration, if ``user`` may read it."""
    if slug not in reportables:
        return None
    declared = reportables.get(slug)
    if is_beyond_keys(pk):
        return None
    try:
        thing = declared.visible(user).filter(pk=pk).first()
    except (ValueError, OverflowError):
        # A key that is none: letters, or more digits than a key has.
        return None
    return (declared, thing) if thing is not None else None


def find_target(report: Report) -> tuple[Reportable, Any] | None:
    """Return the thing that was reported and its declaration, or None when it is gone."""
    if report.target_kind not in reportables:
        return None
    declared = reportables.get(report.target_kind)
    thing = declared.model_class._base_manager.filter(pk=report.target_pk).first()
    return (declared, thing) if thing is not None else None


def reported_things(user: AnyUser) -> list[ReportedThing]:
    """Return what waits for the decision of ``user``, what has waited longest first."""
    things: dict[tuple[str, str], ReportedThing] = {}
    found = Report.objects.moderated_by(user).open().select_related("reporter", "region").order_by("created_at", "pk")
    for report in found:
        things.setdefault((report.target_kind, report.target_pk), ReportedThing()).reports.append(report)
    return list(things.values())


def reports_of_same_thing(report: Report) -> QuerySet[Report]:
    """Return the open reports of the thing of ``report``, the first one first."""
    same = Report.objects.open().filter(target_kind=report.target_kind, target_pk=report.target_pk)
    return same.select_related("reporter").order_by("created_at", "pk")


def lately_decided(user: AnyUser) -> QuerySet[Report]:
    """Return the last decisions on the reports of ``user``'s regions."""
    decided = Report.objects.moderated_by(user).exclude(decided_at=None).select_related("decided_by")
    return decided.order_by("-decided_at", "-pk")[:DECISIONS_SHOWN]


def open_count(user: User) -> int:
    """Return how many things wait for the decision of ``user``."""
    if not is_animator(user):
        return 0
    found = Report.objects.moderated_by(user).open().order_by()
    return found.values("target_kind", "target_pk").distinct().count()


@dataclass(frozen=True)
class JournalEntry:
    """One act, as the journal shows it."""

    at: datetime
    action: str
    target: str
    actor: User | None
    reason: str


_COLUMNS = ("timestamp", "action", "label", "user_id", "data")


def journal_rows(user: AnyUser, *, action: str = "") -> QuerySet[Any, Any]:
    """Return the raw entries of declared actions that ``user`` may read, the last first, as rows of values."""
    names = [action] if action else [name for name, _label in actions.items()]
    found = [model.objects.filter(action__in=names) for model in (ModelLogEntry, PageLogEntry)]
    if not is_administrator(user):
        regions = list(getattr(user, "animated_region_ids", ()))
        found = [entries.filter(data__region_id__in=regions) for entries in found]
    first, second = (entries.order_by().values_list(*_COLUMNS) for entries in found)
    return first.union(second, all=True).order_by("-timestamp")


def read_journal(rows: Sequence[Any]) -> list[JournalEntry]:
    """Return the entries of a page of rows, with their actors in one query."""
    actors = User.objects.in_bulk({user_id for _at, _action, _label, user_id, _data in rows if user_id})
    return [
        JournalEntry(at, str(actions.get(name)), label, actors.get(user_id), (data or {}).get("reason", ""))
        for at, name, label, user_id, data in rows
    ]
