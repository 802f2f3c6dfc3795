"""Calendars as others read them: three parsers of three families agree with our rows, over both changes of clocks."""

import json
import subprocess
from datetime import UTC, date, datetime, time
from email.message import EmailMessage

import icalendar
import pytest
import vobject
from dateutil import rrule
from django.test import Client

from agenda import ics
from agenda.enums import Frequency
from agenda.links import calendar_token
from agenda.models import Event, Occurrence, Session
from agenda.recurrence import Series, days_of, localised, rule_of
from agenda.services import places
from agenda.services.calendars import end_calendar, renew_calendar
from agenda.services.dates import OccurrenceChange, cancel_occurrence, change_occurrence, exclude_days, make_dates
from agenda.services.places import Applicant, Wish
from portal.mail.delivery import deliver_due
from portal.settings.variables import BASE_DIR
from tests.factories import ThemeFactory, UserFactory
from tests.factories.agenda import EventFactory, first_date, session_of
from tests.support.smtp_server import SmtpServer

pytestmark = pytest.mark.django_db
#: Weekly from before the change of March to after that of October 2027.
YEAR = Series(Frequency.WEEKLY, 1, (3,), until=date(2027, 11, 25))
THURSDAY = date(2027, 3, 4)


def read_by_ical_js(content: bytes) -> list[datetime]:
    command = ["node", str(BASE_DIR / "tests" / "agenda" / "parse_ics.mjs")]
    done = subprocess.run(command, input=content, capture_output=True, check=True, cwd=BASE_DIR)
    return [datetime.fromisoformat(text) for text in json.loads(done.stdout)]


def read_by_icalendar(content: bytes) -> list[datetime]:
    """Expand by dateutil in the VTIMEZONE that the calendar itself gives, not in the system's."""
    calendar = icalendar.Calendar.from_ical(content)
    zones = {str(zone["tzid"]): zone.to_tz(lookup_tzid=False) for zone in calendar.walk("VTIMEZONE")}
    starts: dict[object, datetime] = {}
    moved: dict[object, datetime] = {}
    for event in calendar.walk("VEVENT"):
        begins = event["dtstart"]
        zone = zones[begins.params["tzid"]]
        naive = begins.dt.replace(tzinfo=None)
        if "recurrence-id" in event:
            moved[event["recurrence-id"].dt.replace(tzinfo=None)] = _utc(naive, zone)
            continue
        for one in _naive_starts(event, naive):
            starts[one] = _utc(one, zone)
    return sorted({**starts, **moved}.values())


def _naive_starts(event: icalendar.Event, naive: datetime) -> list[datetime]:
    if "rrule" not in event:
        return [naive]
    rule = event["rrule"].to_ical().decode()
    until = event["rrule"]["UNTIL"][0]
    rule = ";".join(part for part in rule.split(";") if not part.startswith("UNTIL"))
    limit = until.astimezone(event["dtstart"].dt.tzinfo).replace(tzinfo=None)
    found = list(rrule.rrulestr(rule, dtstart=naive).between(naive, limit, inc=True))
    dates = event.get("exdate", [])
    left_out = {
        one.dt.replace(tzinfo=None) for listed in (dates if isinstance(dates, list) else [dates]) for one in listed.dts
    }
    return [one for one in found if one not in left_out]


def _utc(naive: datetime, zone: object) -> datetime:
    return naive.replace(tzinfo=zone).astimezone(UTC)  # type: ignore[arg-type]


def read_by_vobject(content: bytes) -> list[datetime]:
    calendar = vobject.readOne(content.decode())
    starts: dict[datetime, datetime] = {}
    for event in calendar.vevent_list:
        if hasattr(event, "recurrence_id"):
            starts[event.recurrence_id.value.astimezone(UTC)] = event.dtstart.value.astimezone(UTC)
            continue
        found = list(event.rruleset) if event.rruleset else [event.dtstart.value]
        for one in found:
            moment = one if one.tzinfo else one.replace(tzinfo=event.dtstart.value.tzinfo)
            starts.setdefault(moment.astimezone(UTC), moment.astimezone(UTC))
    return sorted(starts.values())


READERS = [read_by_icalendar, read_by_ical_js, read_by_vobject]


def year_of_thursdays(**fields: object) -> Event:
    event = EventFactory(starts_on=THURSDAY, recurrence=rule_of(YEAR, first_day=THURSDAY), **fields)
    return Event.objects.get(pk=event.pk)


def starts_of(event: Event) -> list[datetime]:
    dates = Occurrence.objects.filter(event=event, status="scheduled").order_by("starts_at")
    return [moment.astimezone(UTC) for moment in dates.values_list("starts_at", flat=True)]


@pytest.mark.parametrize("reader", READERS)
def test_a_series_is_read_alike_over_both_changes_of_clocks(reader: object) -> None:
    event = year_of_thursdays()
    assert len(starts_of(event)) == 39
    assert {start.hour for start in starts_of(event)} == {7, 8}
    exclude_days(event=event, days=[date(2027, 4, 1)])
    summer = Occurrence.objects.get(event=event, original_day=date(2027, 6, 3))
    moved = localised(date(2027, 6, 4), time(15), "Europe/Paris")
    change_occurrence(occurrence=summer, change=OccurrenceChange(moved, venue="Rennes"))
    cancel_occurrence(occurrence=Occurrence.objects.get(event=event, original_day=date(2027, 11, 4)), reason="Grève")
    event.refresh_from_db()
    dates = list(Occurrence.objects.filter(event=event).select_related("event").order_by("starts_at"))
    assert reader(ics.series(event, dates)) == starts_of(event)  # type: ignore[operator]
    assert len(starts_of(event)) == 37


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("zone", ["Europe/Paris", "Indian/Reunion"])
def test_a_feed_is_read_alike(reader: object, zone: str) -> None:
    event = year_of_thursdays(timezone=zone)
    dates = Occurrence.objects.filter(event=event).select_related("event").order_by("starts_at")
    assert reader(ics.feed("Agenda", dates)) == starts_of(event)  # type: ignore[operator]


def test_a_rule_keeps_to_the_clock_and_holds_its_last_day() -> None:
    days = days_of(rule_of(YEAR, first_day=THURSDAY), first_day=THURSDAY)
    assert (days[0], days[-1]) == (THURSDAY, date(2027, 11, 25))
    # Half past midnight on Mondays: in UTC it is a Sunday, in summer and in winter.
    monday = date(2027, 3, 1)
    weekly = rule_of(Series(Frequency.WEEKLY, 1, (), count=40), first_day=monday)
    assert {day.weekday() for day in days_of(weekly, first_day=monday)} == {0}
    assert {localised(day, time(0, 30), "Europe/Paris").hour for day in days_of(weekly, first_day=monday)} == {0}
    skipped = localised(date(2027, 3, 28), time(2, 30), "Europe/Paris")
    assert (skipped.hour, skipped.utcoffset().seconds) == (3, 7200)  # type: ignore[union-attr]
    last = Series(Frequency.MONTHLY_DAY, 1, (), count=3)
    fifth = date(2027, 4, 30)
    assert days_of(rule_of(last, first_day=fifth), first_day=fifth) == [fifth, date(2027, 5, 28), date(2027, 6, 25)]
    with pytest.raises(ValueError, match="end"):
        rule_of(Series(Frequency.DAILY), first_day=monday)


def test_a_changed_rule_deletes_no_date_with_registrations() -> None:
    event = year_of_thursdays()
    kept = session_of(event, 5)
    places.register(session=kept, applicant=Applicant(user=UserFactory()), wish=Wish())
    before = set(Session.objects.filter(occurrence__event=event).values_list("uid", flat=True))
    event.recurrence = rule_of(Series(Frequency.MONTHLY_DATE, 1, (), count=3), first_day=THURSDAY)
    event.save()
    made = make_dates(event=event)
    assert [one.pk for one in made.outside] == [kept.occurrence_id]
    assert Occurrence.objects.filter(event=event).count() == 4
    assert Session.objects.get(pk=kept.pk).uid in before


def calendar_of(mail: EmailMessage) -> icalendar.Event:
    part = next(one for one in mail.walk() if one.get_content_type() == "text/calendar")
    calendar = icalendar.Calendar.from_ical(part.get_payload(decode=True))
    assert part.get_param("method") == calendar["method"]
    event: icalendar.Event = calendar.walk("VEVENT")[0]
    event["x-method"] = calendar["method"]
    return event


def test_invitations_follow_changes_by_request_cancel_and_sequence(smtp_server: SmtpServer) -> None:
    event = EventFactory(mode="visio", online_url="https://visio.example/secret")
    member = UserFactory()
    registration = places.register(session=session_of(event), applicant=Applicant(user=member), wish=Wish("visio"))
    date_ = first_date(event)
    change_occurrence(occurrence=date_, change=OccurrenceChange(localised(date_.local_day, time(14), event.timezone)))
    cancel_occurrence(occurrence=date_, reason="Grève des transports")
    deliver_due()
    told = [calendar_of(mail) for mail in smtp_server.messages]
    assert [str(one["x-method"]) for one in told] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [one["sequence"] for one in told] == [0, 1, 2]
    assert {str(one["uid"]) for one in told} == {ics.uid_of_session(registration.session)}
    assert told[1]["dtstart"].dt.hour == 14
    assert "https://visio.example/secret" in str(told[0]["location"])
    assert "Grève des transports" in smtp_server.messages[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_public_feeds_hold_public_dates_and_no_link(client: Client) -> None:
    theme = ThemeFactory(name="Logement")
    EventFactory(title="Ouverte", themes=[theme], mode="visio", online_url="https://visio.example/secret")
    EventFactory(title="Entre membres", visibility="members", themes=[theme])
    EventFactory(title="Brouillon", status="draft", themes=[theme])
    EventFactory(title="Ailleurs")
    urls = [
        "/agenda/calendrier.ics",
        f"/agenda/calendrier/theme/{theme.slug}.ics",
        "/agenda/calendrier/territoire/reg-53.ics",
    ]
    texts = [client.get(url).content.decode() for url in urls]
    for text in texts:
        assert "Ouverte" in text
        assert "URL:http://testserver/agenda/ouverte/" in text.replace("\r\n ", "")
        for absent in ("Entre membres", "Brouillon", "visio.example"):
            assert absent not in text
    assert "Ailleurs" not in texts[1]
    assert "Ailleurs" in texts[2]
    rss = client.get("/agenda/flux/").content.decode()
    assert "Ouverte" in rss
    assert "Entre membres" not in rss


def test_a_personal_feed_lives_until_its_address_is_ended(client: Client) -> None:
    member = UserFactory()
    places.register(session=session_of(EventFactory(title="Mienne")), applicant=Applicant(user=member), wish=Wish())
    EventFactory(title="Autre")
    first = renew_calendar(user=member)
    address = f"/agenda/calendrier/personnel/{calendar_token(member.pk, first.key)}.ics"
    text = client.get(address).content.decode()
    assert "Mienne" in text
    assert "Autre" not in text
    second = renew_calendar(user=member)
    assert client.get(address).status_code == 404
    renewed = f"/agenda/calendrier/personnel/{calendar_token(member.pk, second.key)}.ics"
    assert client.get(renewed).status_code == 200
    end_calendar(user=member)
    assert client.get(renewed).status_code == 404
    assert client.get("/agenda/calendrier/personnel/faux.ics").status_code == 404
