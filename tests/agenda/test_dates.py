"""Dates that are called off, over, moved or left out: what people were told of them stays true."""

from datetime import date, time, timedelta

import icalendar
import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from agenda import ics
from agenda.enums import EventStatus, Frequency, OccurrenceStatus, RegistrationState
from agenda.links import registration_token
from agenda.models import Event, Occurrence, Registration, SessionPlan
from agenda.recurrence import Series, localised, rule_of
from agenda.services import dates, places
from agenda.services.dates import OccurrenceChange
from agenda.services.events import EventSchedule, Part, ScheduleSaved, save_schedule
from agenda.services.places import Applicant, PlaceRefused, Wish
from portal.mail.models import OutboxMessage
from tests.agenda.test_desk import date_page, page_of, signed_in
from tests.factories import AnimatorFactory, UserFactory
from tests.factories.agenda import EventFactory, first_date, in_days, make_session, session_of

pytestmark = pytest.mark.django_db


def enter(event: Event, position: int = 0) -> Registration:
    return places.register(session=session_of(event, position), applicant=Applicant(user=UserFactory()), wish=Wish())


def told(kind: str) -> int:
    return OutboxMessage.objects.filter(kind=f"agenda.{kind}").count()


def save_at(event: Event, start_time: time, **fields: object) -> ScheduleSaved:
    """Save the schedule as its form does, every part beginning at ``start_time``."""
    parts = [
        Part({"title": plan.title, "start_time": start_time, "duration_minutes": plan.duration_minutes}, plan.pk)
        for plan in event.plans.all()
    ]
    given: dict[str, object] = {"starts_on": event.starts_on, "series": Series(Frequency.ONCE), **fields}
    schedule = EventSchedule(
        {"venue": "Ailleurs"},
        given["starts_on"],
        given["series"],
        [*parts, *given.get("parts", [])],  # type: ignore[arg-type,misc]
    )
    return save_schedule(event=event, schedule=schedule)


def test_a_date_that_is_called_off_stays_so_whatever_changes_afterwards() -> None:
    event = EventFactory()
    registration = enter(event)
    occurrence = first_date(event)
    dates.cancel_occurrence(occurrence=occurrence, reason="Grève")
    later = OccurrenceChange(occurrence.starts_at + timedelta(hours=3), venue="Brest")
    assert dates.change_occurrence(occurrence=occurrence, change=later) == 0
    assert save_at(event, time(8)).told == 0
    assert told("changed") == 0
    link = f"/agenda/inscriptions/{registration_token(registration.uid, registration.link_key)}/"
    page = Client().get(link).content.decode()
    assert "Cette date est annulée" in page
    for absent in ("Votre place est réservée", '<svg class="code', "Votre code d’entrée", "invitation.ics"):
        assert absent not in page
    calendar = icalendar.Calendar.from_ical(Client().get(f"{link}invitation.ics").content)
    assert str(calendar["method"]) == "CANCEL"
    assert str(calendar.walk("VEVENT")[0]["status"]) == "CANCELLED"


def test_no_place_is_given_on_a_date_that_is_called_off() -> None:
    session = make_session(1)
    event = session.occurrence.event
    first, second = enter(event), enter(event)
    places.cancel(registration=first, actor=None)
    dates.cancel_occurrence(occurrence=session.occurrence, reason="Grève")
    with pytest.raises(PlaceRefused, match="off"):
        places.accept_offer(registration=second)
    # The offer waits with its date, then begins anew.
    with time_machine.travel(timezone.now() + timedelta(hours=30), tick=False):
        assert places.expire_offers() == 0
        assert dates.restore_occurrence(occurrence=session.occurrence) == 1
        second.refresh_from_db()
        assert second.state == RegistrationState.OFFERED
        assert second.offer_expires_at - timezone.now() == Registration.OFFER
        assert places.expire_offers() == 0


def test_a_date_taken_up_again_lets_those_who_wait_in() -> None:
    session = make_session(1)
    event = session.occurrence.event
    first, second = enter(event), enter(event)
    dates.cancel_occurrence(occurrence=session.occurrence, reason="Grève")
    places.cancel(registration=first, actor=None)
    second.refresh_from_db()
    assert second.state == RegistrationState.WAITING
    dates.restore_occurrence(occurrence=session.occurrence)
    second.refresh_from_db()
    assert second.state == RegistrationState.OFFERED
    assert told("offered") == 1


def test_who_was_there_stays_written_once_it_is_over() -> None:
    event = EventFactory()
    registration = enter(event)
    animator = AnimatorFactory()
    with time_machine.travel(first_date(event).ends_at + timedelta(hours=1), tick=False):
        with pytest.raises(PlaceRefused, match="over"):
            places.cancel(registration=registration, actor=None)
        address = f"{date_page(event)}inscriptions/{registration.uid}/"
        page = signed_in(animator).post(address, {"do": "cancel"}, follow=True).content.decode()
    assert "Cette date est passée" in page
    assert Registration.objects.get().state == RegistrationState.CONFIRMED


def weekly(count: int, first_day: date, **fields: object) -> Event:
    rule = rule_of(Series(Frequency.WEEKLY, count=count), first_day=first_day)
    event = EventFactory(starts_on=first_day, recurrence=rule, **fields)
    return Event.objects.get(pk=event.pk)


def days_of(event: Event) -> list[date | None]:
    return list(event.occurrences.order_by("starts_at").values_list("original_day", flat=True))


def test_a_changed_schedule_leaves_the_past_as_it_was() -> None:
    event = weekly(4, in_days(-15))
    before = list(event.occurrences.order_by("starts_at").values_list("pk", "starts_at"))
    series = Series(Frequency.WEEKLY, count=4)
    save_at(
        event, time(15), series=series, parts=[Part({"title": "Suite", "start_time": time(17), "duration_minutes": 60})]
    )
    after = list(event.occurrences.order_by("starts_at"))
    # Of four dates three are over: they keep their times and their only part.
    assert [(one.pk, one.starts_at) for one in after[:3]] == before[:3]
    assert [one.sessions.count() for one in after] == [1, 1, 1, 2]
    assert timezone.localtime(after[3].starts_at).hour == 15
    event.refresh_from_db()
    calendar = icalendar.Calendar.from_ical(ics.series(event, after))
    hours = [component["dtstart"].dt.hour for component in calendar.walk("VEVENT")]
    assert hours == [15, 9, 9, 9]
    # Another first day: what is over stays, what is to come goes.
    saved = save_at(event, time(15), starts_on=in_days(30))
    assert days_of(event) == [in_days(-15), in_days(-8), in_days(-1), in_days(30)]
    assert saved.dates.outside == []


def test_a_draft_with_a_wrong_year_is_only_corrected() -> None:
    event = EventFactory(status=EventStatus.DRAFT, starts_on=in_days(-300))
    save_at(event, time(9), starts_on=in_days(65))
    assert days_of(event) == [in_days(65)]


def test_dates_with_a_restitution_and_the_last_date_are_not_left_out() -> None:
    event = weekly(3, in_days(-8))
    client = signed_in(AnimatorFactory())
    Occurrence.objects.filter(event=event, original_day=in_days(-8)).update(
        report="Trois pistes", report_published_at=timezone.now()
    )
    address = f"{page_of(event)}dates/exclure/"
    page = client.post(address, {"day": [in_days(-8).isoformat()]}, follow=True).content.decode()
    assert "a une restitution" in page
    client.post(address, {"day": [in_days(-1).isoformat()]})
    assert days_of(event) == [in_days(-8), in_days(6)]
    other = weekly(2, in_days(10))
    every = {"day": [in_days(10).isoformat(), in_days(17).isoformat()]}
    page = client.post(f"{page_of(other)}dates/exclure/", every, follow=True).content.decode()
    assert "au moins une date" in page
    assert other.occurrences.count() == 2


def test_an_archive_that_receives_its_date_keeps_its_restitution() -> None:
    event = EventFactory(status=EventStatus.ARCHIVED, starts_on=None)
    undated = event.occurrences.get()
    Occurrence.objects.filter(pk=undated.pk).update(report="Trois pistes", report_published_at=timezone.now())
    SessionPlan.objects.filter(event=event).update(start_time=time(9), duration_minutes=60)
    save_at(event, time(9), starts_on=in_days(-400))
    dated = event.occurrences.get()
    assert (dated.pk, dated.original_day, dated.local_day) == (undated.pk, in_days(-400), in_days(-400))
    assert dated.report == "Trois pistes"
    assert dated.sessions.get().starts_at == dated.starts_at


def test_a_part_added_after_a_move_is_on_the_day_of_the_others() -> None:
    event = EventFactory()
    occurrence = first_date(event)
    moved = localised(in_days(40), time(9, 30), event.timezone)
    dates.change_occurrence(occurrence=occurrence, change=OccurrenceChange(moved))
    SessionPlan.objects.create(event=event, position=1, title="Après-midi", start_time=time(14), duration_minutes=60)
    dates.make_dates(event=event)
    afternoon = session_of(event, 1)
    assert timezone.localtime(afternoon.starts_at).date() == in_days(40)
    occurrence.refresh_from_db()
    assert (occurrence.starts_at, occurrence.ends_at) == (moved, afternoon.ends_at)
    assert occurrence.status == OccurrenceStatus.SCHEDULED
