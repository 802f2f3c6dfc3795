"""Figures of a date, of a whole event: who registered, who came, what they think of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet

from agenda.enums import Attendance, Attending, RegistrationState
from agenda.models import Event, Feedback, Occurrence, Registration, RegistrationQuerySet, Session
from agenda.selectors.events import sessions_of


@dataclass(frozen=True)
class Figures:
    """What is counted of registrations."""

    confirmed: int = 0
    on_site: int = 0
    online: int = 0
    waiting: int = 0
    cancelled: int = 0
    present: int = 0
    absent: int = 0

    @property
    def attendance_rate(self) -> int | None:
        """The share of those noted who came, in per cent; None while nobody is noted."""
        noted = self.present + self.absent
        return round(self.present * 100 / noted) if noted else None


_CONFIRMED = Q(state=RegistrationState.CONFIRMED)
_COUNTED = {
    "confirmed": _CONFIRMED,
    "on_site": _CONFIRMED & Q(attending=Attending.ON_SITE),
    "online": _CONFIRMED & Q(attending=Attending.ONLINE),
    "waiting": Q(state=RegistrationState.WAITING),
    "cancelled": Q(state=RegistrationState.CANCELLED),
    "present": Q(attendance=Attendance.PRESENT),
    "absent": Q(attendance=Attendance.ABSENT),
}


def _counted(registrations: RegistrationQuerySet, by: str) -> dict[int, Figures]:
    """Return the figures of ``registrations`` by the column ``by``; one query."""
    totals: dict[str, Any] = {name: Count("pk", filter=condition) for name, condition in _COUNTED.items()}
    rows = registrations.order_by().values(by).annotate(**totals)
    return {row[by]: Figures(**{name: row[name] for name in _COUNTED}) for row in rows}


def _added(figures: Iterable[Figures]) -> Figures:
    """Return the sum of ``figures``."""
    found = list(figures)
    return Figures(**{name: sum(getattr(one, name) for one in found) for name in _COUNTED})


@dataclass(frozen=True)
class SessionFigures:
    """What one part of a date counts."""

    session: Session
    figures: Figures


def figures_of(occurrence: Occurrence) -> list[SessionFigures]:
    """Return the figures of each part of a date."""
    counted = _counted(Registration.objects.filter(session__occurrence=occurrence), "session_id")
    return [SessionFigures(session, counted.get(session.pk, Figures())) for session in sessions_of(occurrence)]


@dataclass(frozen=True)
class Opinions:
    """What those who came think, without names."""

    count: int
    average: float | None
    by_rating: dict[int, int]
    liked: list[str]
    to_improve: list[str]


def opinions_of(occurrence: Occurrence) -> Opinions:
    """Return the opinions on a date."""
    return _opinions(Feedback.objects.filter(registration__session__occurrence=occurrence))


def _opinions(found: QuerySet[Feedback]) -> Opinions:
    """Return opinions in the order of their words, so that no order tells who wrote."""
    totals = found.aggregate(count=Count("pk"), average=Avg("rating"))
    counts = dict(found.order_by().values_list("rating").annotate(total=Count("pk")))
    return Opinions(
        totals["count"],
        totals["average"],
        {rating: counts.get(rating, 0) for rating in range(5, 0, -1)},
        sorted(found.exclude(liked="").values_list("liked", flat=True)),
        sorted(found.exclude(to_improve="").values_list("to_improve", flat=True)),
    )


@dataclass(frozen=True)
class DateFigures:
    """What one date of an event counts; somebody registered for two of its parts counts in each."""

    occurrence: Occurrence
    figures: Figures
    opinions: int
    average: float | None


@dataclass(frozen=True)
class EventFigures:
    """What a whole event counts; ``people`` are those expected, however often each of them came."""

    dates: list[DateFigures]
    total: Figures
    people: int
    opinions: Opinions


def figures_of_event(event: Event) -> EventFigures:
    """Return the figures of an event, by date and in all; as many queries for one date as for a hundred."""
    registrations = Registration.objects.filter(session__occurrence__event=event)
    counted = _counted(registrations, "session__occurrence_id")
    given = Feedback.objects.filter(registration__session__occurrence__event=event)
    by = "registration__session__occurrence_id"
    judged = {row[by]: row for row in given.order_by().values(by).annotate(count=Count("pk"), average=Avg("rating"))}
    dates = []
    for occurrence in event.occurrences.order_by("starts_at", "pk"):
        occurrence.event = event
        row: dict[str, Any] = judged.get(occurrence.pk, {"count": 0, "average": None})
        figures = counted.get(occurrence.pk, Figures())
        dates.append(DateFigures(occurrence, figures, row["count"], row["average"]))
    return EventFigures(dates, _added(counted.values()), _people(registrations), _opinions(given))


def expected_at(event: Event) -> RegistrationQuerySet:
    """Return the confirmed registrations of all the dates of an event, in the order in which they came."""
    return Registration.objects.filter(_CONFIRMED, session__occurrence__event=event).order_by("pk")


def _people(registrations: RegistrationQuerySet) -> int:
    """Return how many people are or were expected; who is forgotten by now counts once for each registration."""
    totals = registrations.filter(_CONFIRMED).aggregate(
        members=Count("user", distinct=True),
        guests=Count("guest", distinct=True),
        forgotten=Count("pk", filter=Q(user=None, guest=None)),
    )
    return sum(totals.values())
