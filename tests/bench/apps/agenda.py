"""The agenda: list, month, an event, its form; series with their dates, parts and people."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from agenda.enums import Access, EventKind, EventStatus, Frequency, Mode, OrganiserRole
from agenda.models import Event, Occurrence, Organiser, Session, SessionPlan
from agenda.recurrence import Series, days_of, localised, rule_of
from directory.models import Organisation
from portal.taxonomy.models import Audience, Territory, Theme
from tests.bench.pages import BenchPage
from tests.bench.texts import paragraph, paragraphs

AFTER = ("directory",)
PREFIX = "essai-rencontre-"
#: 570 sheets are the portal of a few regions; such a portal has this many series for each sheet.
SERIES_A_SHEET = 10_000 / 570
ZONE = "Europe/Paris"
#: Series begin over five years, so that a month holds the dates of a real agenda and not all of them.
SPREAD = timedelta(days=5 * 365)
BATCH = 500


def _month() -> str:
    today = timezone.localdate()
    return f"/agenda/{today.year}/{today.month:02d}/"


def first_event() -> Event:
    """Return the first event: the same one at every size, to come, with two parts."""
    return Event.objects.get(slug=f"{PREFIX}0")


PAGES = [
    BenchPage("agenda", "/agenda/", target_ms=12),
    BenchPage("agenda-filtered", "/agenda/?theme=logement&territoire=reg-53"),
    BenchPage("agenda-month", _month, target_ms=12),
    BenchPage("event", lambda: first_event().get_absolute_url(), target_ms=10),
    BenchPage(
        "event-form",
        lambda: Session.objects.filter(occurrence__event=first_event()).earliest("starts_at").get_registration_url(),
    ),
    BenchPage("calendar-feed", "/agenda/calendrier.ics"),
]


def generate(scale: int, seed: int) -> None:
    """Bring the agenda up to a portal of ``scale`` project sheets; 10,000 series at 570."""
    add_series(round(scale * SERIES_A_SHEET), seed)


def add_series(wanted: int, seed: int) -> None:
    """Add the series that are missing up to ``wanted``; series *n* is always the same."""
    known = Event.objects.filter(slug__startswith=PREFIX).count()
    if known >= wanted:
        return
    words = _Words()
    today = timezone.localdate()
    for start in range(known, wanted, BATCH):
        with transaction.atomic():
            _add_batch(range(start, min(start + BATCH, wanted)), seed, words, today)


class _Words:
    """What events refer to, read once."""

    def __init__(self) -> None:
        self.themes = list(Theme.objects.filter(parent=None))
        self.audiences = list(Audience.objects.all())
        regions = Territory.objects.current().regions().filter(code__lt="95")
        self.departments = list(Territory.objects.current().departments().filter(region__in=regions))
        self.organisations = list(Organisation.objects.order_by("pk")[:500])


def _add_batch(numbers: range, seed: int, words: _Words, today: date) -> None:
    events = Event.objects.bulk_create(_event(number, seed, words, today) for number in numbers)
    plans, dates, sessions = [], [], []
    for number, event in zip(numbers, events, strict=True):
        chance = Random(f"event parts {seed} {number}")  # noqa: S311 -- repeatable content
        plans += _plans(event, chance, is_first=number == 0)
    SessionPlan.objects.bulk_create(plans)
    by_event: dict[int, list[SessionPlan]] = {}
    for plan in plans:
        by_event.setdefault(plan.event_id, []).append(plan)
    for event in events:
        dates += [_date(event, by_event[event.pk], day) for day in _days(event)]
    Occurrence.objects.bulk_create(dates)
    for one in dates:
        sessions += [_session(one, plan) for plan in by_event[one.event_id]]
    Session.objects.bulk_create(sessions)
    _relations(numbers, seed, events, words)


def _event(number: int, seed: int, words: _Words, today: date) -> Event:
    chance = Random(f"event {seed} {number}")  # noqa: S311 -- repeatable content
    place = chance.choice(words.departments)
    first = today + timedelta(days=14) if number == 0 else today - SPREAD / 2 + SPREAD * chance.random()
    series = Series(Frequency.MONTHLY_DATE, count=6 if number % 2 else 2)
    if first.day > 28:
        first -= timedelta(days=4)
    return Event(
        title=f"Rencontre {number} – {paragraph(chance, 1)[:60]}",
        slug=f"{PREFIX}{number}",
        kind=chance.choice(EventKind.values),
        status=EventStatus.PUBLISHED,
        published_at=timezone.now(),
        summary=paragraph(chance, 2)[:280],
        body=paragraphs(chance, 3, 3),
        region_id=place.region_id,
        territory=place,
        starts_on=first,
        recurrence=rule_of(series, first_day=first),
        mode=chance.choice(Mode.values) if number else Mode.ON_SITE,
        venue="Salle d’essai",
        address=slugify(place.name),
        online_url="https://visio.example/essai",
        timezone=ZONE,
    )


def _plans(event: Event, chance: Random, *, is_first: bool) -> list[SessionPlan]:
    morning = SessionPlan(
        event=event, start_time=time(9, 30), duration_minutes=150, capacity_onsite=5_000 if is_first else 40
    )
    if not is_first and chance.random() < 0.7:
        return [morning]
    afternoon = SessionPlan(
        event=event,
        position=1,
        title="Après-midi",
        access=Access.LAUREATES,
        start_time=time(14),
        duration_minutes=120,
        capacity_onsite=20,
    )
    morning.title = "Matinée"
    return [morning, afternoon]


def _days(event: Event) -> list[date]:
    return days_of(event.recurrence, first_day=event.starts_on)  # type: ignore[arg-type]


def _times(day: date, plan: SessionPlan) -> tuple[datetime, datetime]:
    begins = localised(day, plan.start_time, ZONE)  # type: ignore[arg-type]
    return begins, begins + timedelta(minutes=plan.duration_minutes or 0)


def _date(event: Event, plans: list[SessionPlan], day: date) -> Occurrence:
    begins, ends = _times(day, plans[0])[0], _times(day, plans[-1])[1]
    local = begins.astimezone(ZoneInfo(ZONE)).date()
    return Occurrence(
        event=event, original_day=day, starts_at=begins, ends_at=ends, local_day=local, local_end_day=local
    )


def _session(one: Occurrence, plan: SessionPlan) -> Session:
    begins, ends = _times(one.original_day, plan)  # type: ignore[arg-type]
    return Session(occurrence=one, plan=plan, starts_at=begins, ends_at=ends, capacity_onsite=plan.capacity_onsite)


def _relations(numbers: range, seed: int, events: list[Event], words: _Words) -> None:
    themes: list[Any] = []
    audiences: list[Any] = []
    organisers: list[Organiser] = []
    for number, event in zip(numbers, events, strict=True):
        chance = Random(f"event words {seed} {number}")  # noqa: S311 -- repeatable content
        pairs = [(event.pk, theme.pk) for theme in chance.sample(words.themes, 2)]
        themes += [Event.themes.through(event_id=event_pk, theme_id=theme_pk) for event_pk, theme_pk in pairs]
        audiences.append(Event.audiences.through(event_id=event.pk, audience_id=chance.choice(words.audiences).pk))
        for role, organisation in zip(OrganiserRole.values, chance.sample(words.organisations, 3), strict=True):
            organisers.append(Organiser(event=event, organisation=organisation, role=role))
    Event.themes.through.objects.bulk_create(themes)
    Event.audiences.through.objects.bulk_create(audiences)
    Organiser.objects.bulk_create(organisers)
