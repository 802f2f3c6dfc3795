"""Reads of the agenda's lists: dates to come, a month, a week, a map."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db.models import Count, F, Max, Min, Q
from django.db.models.functions import Coalesce

from agenda.enums import SHOWN_STATUSES, Access, EventKind, EventStatus, Mode
from agenda.filters import AgendaFilter, narrowed
from agenda.models import Event, Invitee, Occurrence, OccurrenceQuerySet, Organiser
from agenda.rules import accesses_of
from portal.accounts.models import User
from portal.accounts.rules import AnyUser, is_member
from portal.core.remember import remembered
from portal.taxonomy.models import Audience, Territory, Theme


@dataclass(frozen=True)
class Reach:
    """What somebody may read of the agenda: the audiences they are of, the closed events that let them in.

    What is found for one reach is the same for all who have it, and is remembered by it.
    """

    accesses: tuple[str, ...]
    invited: tuple[int, ...] = ()


#: Events that a condition names one by one.
MOST_NAMED = 1_000
VISITOR = Reach((Access.PUBLIC.value,))


def reach_of(user: AnyUser) -> Reach:
    """Return the reach of ``user``: two queries for a member, once a request; none for a visitor."""
    if not is_member(user):
        return VISITOR
    account = cast("User", user)
    known: Reach | None = getattr(account, "_agenda_reach", None)
    if known is None:
        invited = Invitee.objects.of(account).order_by("event_id")
        accesses = tuple(access.value for access in accesses_of(user))
        known = Reach(accesses, tuple(invited.values_list("event_id", flat=True)))
        account._agenda_reach = known  # type: ignore[attr-defined]
    return known


def occurrences_within(reach: Reach) -> OccurrenceQuerySet:
    """Return the dates of what is announced to whoever has ``reach``.

    The rule of ``visible_to`` without the drafts, which have their own page; in conditions that
    indexes answer: lists of 10,000 series cost a member what they cost a visitor.
    """
    readable = Q(event__visibility__in=reach.accesses)
    if reach.invited:
        # An event that is open to others by now, or to nobody but its audience, is no longer an invitation.
        readable |= Q(event__in=reach.invited, event__visibility=Access.INVITED)
    return Occurrence.objects.filter(readable, event__status__in=SHOWN_STATUSES)


def occurrences_for(user: AnyUser) -> OccurrenceQuerySet:
    """Return the dates of what is announced to ``user``."""
    return occurrences_within(reach_of(user))


def occurrences_found(reach: Reach, chosen: AgendaFilter) -> OccurrenceQuerySet:
    """Return the dates that the list shows, in its order: the next first, or the latest first among the past.

    A day chosen in a calendar shows all of its dates, over or not.
    """
    found = narrowed(occurrences_within(reach), chosen)
    if chosen.day is not None:
        return found.order_by("starts_at", "pk")
    if chosen.past:
        return found.past().order_by(F("starts_at").desc(nulls_last=True), "-pk")
    return found.upcoming().order_by("starts_at", "pk")


def with_card_details(found: OccurrenceQuerySet) -> OccurrenceQuerySet:
    """Fetch what a row of a list shows, in a fixed number of queries."""
    # The rule is parsed as it is read: lists do without.
    related = found.select_related("event__territory").defer("event__recurrence", "event__body", "event__follow_up")
    return related.prefetch_related("event__themes")


@dataclass(frozen=True)
class Entry:
    """One date in a calendar."""

    title: str
    slug: str
    original_day: date
    first_day: date
    last_day: date
    starts_at: datetime
    ends_at: datetime
    zone: str
    kind: str
    is_cancelled: bool

    @property
    def url(self) -> str:
        """The address of its page; built here, since a month has hundreds of them."""
        return f"/agenda/{self.slug}/{self.original_day.isoformat()}/"


@remembered("agenda", "taxonomy")
def entries_between(reach: Reach, chosen: AgendaFilter, first: date, last: date) -> list[Entry]:
    """Return the dates of the days from ``first`` to ``last``, in order."""
    found = narrowed(occurrences_within(reach), chosen).filter(local_day__lte=last, local_end_day__gte=first)
    rows = found.order_by("starts_at", "pk").values_list(
        *("title", "event__title", "event__slug", "original_day", "local_day", "local_end_day", "starts_at", "ends_at"),
        *("event__timezone", "event__kind", "status", "event__status"),
    )
    return [
        Entry(
            own or title, slug, original, begins, ends, starts_at, ends_at, zone, kind, "cancelled" in {status, event}
        )
        for own, title, slug, original, begins, ends, starts_at, ends_at, zone, kind, status, event in rows
    ]


@remembered("agenda")
def bounds_for(reach: Reach) -> tuple[date, date] | None:
    """Return the first and the last day that hold something; None for an empty agenda."""
    days = occurrences_within(reach).order_by().aggregate(first=Min("local_day"), last=Max("local_end_day"))
    return (days["first"], days["last"]) if days["first"] else None


@remembered("agenda", "taxonomy")
def first_day_from(reach: Reach, chosen: AgendaFilter, day: date) -> date | None:
    """Return the first day from ``day`` on with something on it."""
    found = narrowed(occurrences_within(reach), chosen).filter(local_day__gte=day)
    return found.order_by("local_day").values_list("local_day", flat=True).first()


@dataclass(frozen=True)
class Choices:
    """What the filters offer: (value, label) pairs of what exists among the dates shown."""

    kinds: list[tuple[str, str]]
    themes: list[tuple[str, str]]
    territories: list[tuple[str, str]]
    audiences: list[tuple[str, str]]
    modes: list[tuple[str, str]]


@remembered("agenda", "taxonomy")
def choices_for(reach: Reach, *, past: bool) -> Choices:
    """Return what the filters offer."""
    shown = occurrences_within(reach)
    shown = shown.past() if past else shown.upcoming()
    events = Event.objects.filter(pk__in=shown.order_by().values("event_id"))
    themes = Theme.objects.filter(pk__in=Event.themes.through.objects.filter(event__in=events).values("theme_id"))
    first_level = Theme.objects.filter(Q(pk__in=themes.filter(parent=None)) | Q(pk__in=themes.values("parent_id")))
    audiences = Event.audiences.through.objects.filter(event__in=events).values("audience_id")
    kinds = set(events.order_by().values_list("kind", flat=True).distinct())
    modes = set(events.order_by().values_list("mode", flat=True).distinct())
    if Mode.BOTH in modes:
        modes |= {Mode.ON_SITE, Mode.ONLINE}
    return Choices(
        kinds=[(value, str(label)) for value, label in EventKind.choices if value in kinds],
        themes=[(theme.slug, theme.name) for theme in first_level],
        territories=[(place.public_code, str(place)) for place in _places(events)],
        audiences=[(one.slug, one.name) for one in Audience.objects.filter(pk__in=audiences)],
        modes=[(value, str(label)) for value, label in Mode.choices if value in modes and value != Mode.BOTH],
    )


def _places(events: "object") -> list[Territory]:
    """Return the regions and départements of ``events``, regions first."""
    named = Territory.objects.filter(pk__in=events.order_by().values("territory_id"))  # type: ignore[attr-defined]
    around = Q(pk__in=named.values("region_id")) | Q(pk__in=named.values("department_id")) | Q(pk__in=named)
    places = Territory.objects.areas().filter(around).exclude(level=Territory.Level.COUNTRY)
    return sorted(places, key=lambda place: (place.level != Territory.Level.REGION, place.normalized_name))


@remembered("agenda", "taxonomy")
def counts_by_department(reach: Reach, chosen: AgendaFilter) -> Mapping[str, int]:
    """Return how many dates are to come in each département, by official code."""
    found = narrowed(occurrences_within(reach), chosen)
    found = found.past() if chosen.past else found.upcoming()
    is_department = Q(event__territory__level=Territory.Level.DEPARTMENT)
    rows = (
        found.filter(is_department | ~Q(event__territory__department=None))
        .annotate(place=Coalesce("event__territory__department__code", "event__territory__code"))
        .order_by()
        .values("place")
        .annotate(total=Count("pk"))
    )
    return {row["place"]: row["total"] for row in rows}


def next_occurrences(reach: Reach, limit: int, *, kind: str = "") -> list[Occurrence]:
    """Return the next dates that take place, of one kind or of all."""
    found = occurrences_within(reach).upcoming().filter(event__status=EventStatus.PUBLISHED, status="scheduled")
    found = found.filter(event__kind=kind) if kind else found
    return list(with_card_details(found.order_by("starts_at", "pk"))[:limit])


def organised_by(user: AnyUser, organisation_id: int) -> OccurrenceQuerySet:
    """Return the dates of the events that an organisation organises or supports."""
    organised = Organiser.objects.filter(organisation=organisation_id).values_list("event_id", flat=True)
    # Told which events, a database begins with them. Asked for them, it walks all dates in their order
    # until it has met enough: soon for who organises a thousand, half a second for who organises none.
    named = list(organised[: MOST_NAMED + 1])
    return occurrences_for(user).filter(event__in=named if len(named) <= MOST_NAMED else organised)
