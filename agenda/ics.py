"""Dates as calendars read them (RFC 5545, RFC 5546).

A series is one VEVENT with its rule, its dates left out (EXDATE) and those that differ
(RECURRENCE-ID); an invitation is one VEVENT for one session. The time zone is written with the two
rules of the European Union's changes: what ``add_missing_timezones`` makes of Europe/Paris is one hour
off in other readers in summer.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText
from icalendar.prop import vRecur

from agenda.enums import Attending
from agenda.links import absolute
from agenda.models import Event as AgendaEvent
from agenda.models import Occurrence, Registration, Session
from agenda.recurrence import days_of, localised
from portal.mail.services import mail_domain

PRODUCT = "-//{name}//Agenda//FR"
#: How long readers may keep a feed, RFC 7986.
REFRESH = timedelta(hours=4)
PLAIN_TEXT = "text/calendar; charset=utf-8"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def calendar_of(name: str = "", *, method: str = "") -> Calendar:
    """Return an empty calendar; ``name`` is what readers show, ``method`` is for invitations."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT.format(name=settings.PORTAL_NAME))
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    return calendar


def zone_of(name: str) -> Timezone:
    """Return the VTIMEZONE of ``name``: two rules where clocks change, one offset elsewhere."""
    zone = Timezone()
    zone.add("tzid", name)
    winter, summer = _offset(name, 1), _offset(name, 7)
    if winter == summer:
        zone.add_component(_part(TimezoneStandard(), datetime(1970, 1, 1), winter, winter, _abbreviation(name, 1)))  # noqa: DTZ001 -- local by definition
        return zone
    summer_begins = datetime(1996, 3, 31, 2)  # noqa: DTZ001 -- local by definition
    winter_begins = datetime(1996, 10, 27, 3)  # noqa: DTZ001 -- local by definition
    daylight = _part(TimezoneDaylight(), summer_begins, winter, summer, _abbreviation(name, 7))
    daylight.add("rrule", vRecur({"FREQ": "YEARLY", "BYMONTH": 3, "BYDAY": "-1SU"}))
    standard = _part(TimezoneStandard(), winter_begins, summer, winter, _abbreviation(name, 1))
    standard.add("rrule", vRecur({"FREQ": "YEARLY", "BYMONTH": 10, "BYDAY": "-1SU"}))
    zone.add_component(daylight)
    zone.add_component(standard)
    return zone


def _part(part: Any, begins: datetime, before: timedelta, after: timedelta, abbreviation: str) -> Any:
    part.add("dtstart", begins)
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    part.add("tzname", abbreviation)
    return part


def _offset(name: str, month: int) -> timedelta:
    moment = datetime(2026, month, 1, 12, tzinfo=ZoneInfo(name))
    return moment.utcoffset() or timedelta()


def _abbreviation(name: str, month: int) -> str:
    return datetime(2026, month, 1, 12, tzinfo=ZoneInfo(name)).tzname() or name


def uid_of_event(event: AgendaEvent) -> str:
    """Return the identifier of a series: never used for anything else."""
    return f"evenement-{event.uid}@{mail_domain()}"


def uid_of_session(session: Session) -> str:
    """Return the identifier of an invitation."""
    return f"seance-{session.uid}@{mail_domain()}"


def feed(name: str, occurrences: Iterable[Occurrence]) -> bytes:
    """Return the calendar of ``occurrences``, one VEVENT each: what people subscribe to.

    ``occurrences`` come with their events. The link of a video conference is in none of them.
    """
    calendar = calendar_of(name)
    found = list(occurrences)
    for zone in sorted({occurrence.event.timezone for occurrence in found}):
        calendar.add_component(zone_of(zone))
    for occurrence in found:
        calendar.add_component(_of_occurrence(occurrence))
    return bytes(calendar.to_ical())


def publication(occurrence: Occurrence) -> bytes:
    """Return one date as a mail announces it (PUBLISH): one VEVENT, that of the feeds."""
    calendar = calendar_of(method="PUBLISH")
    calendar.add_component(zone_of(occurrence.event.timezone))
    component = _of_occurrence(occurrence)
    component["organizer"] = _organizer(occurrence.event)
    calendar.add_component(component)
    return bytes(calendar.to_ical())


def _organizer(event: AgendaEvent) -> vCalAddress:
    organizer = vCalAddress(f"mailto:{event.contact_email or settings.CONTACT_EMAIL}")
    organizer.params["CN"] = vText(settings.PORTAL_NAME)
    return organizer


def series(event: AgendaEvent, occurrences: Sequence[Occurrence]) -> bytes:
    """Return the calendar of one event with all its ``occurrences``, as a rule where it has one."""
    calendar = calendar_of(event.title)
    calendar.add_component(zone_of(event.timezone))
    dated = [occurrence for occurrence in occurrences if occurrence.starts_at]
    if event.recurrence is None or event.starts_on is None:
        for occurrence in dated:
            calendar.add_component(_of_occurrence(occurrence))
        return bytes(calendar.to_ical())
    for component in _of_series(event, dated):
        calendar.add_component(component)
    return bytes(calendar.to_ical())


def _of_series(event: AgendaEvent, occurrences: Sequence[Occurrence]) -> list[Event]:
    """Return the master of a series, then the dates that differ from it."""
    days = days_of(event.recurrence, first_day=event.starts_on)  # type: ignore[arg-type]
    by_day = {occurrence.original_day: occurrence for occurrence in occurrences}
    # A date that left the rule may have times of former days: it does not say those of the series.
    usual = [one for one in occurrences if not one.is_moved and one.original_day in days]
    if not usual:
        return [_of_occurrence(occurrence) for occurrence in occurrences]
    clock = timezone.localtime(usual[0].starts_at, ZoneInfo(event.timezone)).time()
    length = usual[0].ends_at - usual[0].starts_at  # type: ignore[operator]
    master = _component(event, usual[0])
    master.add("uid", uid_of_event(event))
    master.add("sequence", max(occurrence.ical_sequence for occurrence in occurrences))
    master.add("dtstart", localised(days[0], clock, event.timezone))
    master.add("dtend", localised(days[0], clock, event.timezone) + length)
    master.add("rrule", _rule(event, days[-1], clock))
    left_out = [day for day in days if day not in by_day or by_day[day].is_cancelled]
    if left_out:
        master.add("exdate", [localised(day, clock, event.timezone) for day in left_out])
    added = [occurrence for occurrence in occurrences if occurrence.original_day not in days]
    if moments := [_added_at(event, one, clock) for one in added if not one.is_cancelled]:
        master.add("rdate", moments)
    return [master, *(_exception(event, one, clock) for one in occurrences if _differs(one))]


def _added_at(event: AgendaEvent, occurrence: Occurrence, clock: Any) -> datetime:
    """Return when a date that left the rule begins; for one with an exception of its own, what that names."""
    if _differs(occurrence):
        return localised(occurrence.original_day, clock, event.timezone)  # type: ignore[arg-type]
    return _local(occurrence.starts_at, event.timezone)


def _differs(occurrence: Occurrence) -> bool:
    overrides = (occurrence.title, occurrence.venue, occurrence.address)
    return not occurrence.is_cancelled and (occurrence.is_moved or any(overrides))


def _exception(event: AgendaEvent, occurrence: Occurrence, clock: Any) -> Event:
    component = _component(event, occurrence)
    component.add("uid", uid_of_event(event))
    component.add("sequence", occurrence.ical_sequence)
    component.add("recurrence-id", localised(occurrence.original_day, clock, event.timezone))  # type: ignore[arg-type]
    component.add("dtstart", _local(occurrence.starts_at, event.timezone))
    component.add("dtend", _local(occurrence.ends_at, event.timezone))
    return component


def _rule(event: AgendaEvent, last_day: date, clock: Any) -> vRecur:
    """Return the stored rule with an end that every reader counts alike: the last moment, in UTC."""
    rule = event.recurrence.rrules[0]
    parts: dict[str, Any] = {"FREQ": ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")[rule.freq], "INTERVAL": rule.interval}
    parts["UNTIL"] = localised(last_day, clock, event.timezone).astimezone(UTC)
    if rule.byday:
        parts["BYDAY"] = [
            f"{one.index or ''}{('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')[one.number]}" for one in rule.byday
        ]
    return vRecur(parts)


def _of_occurrence(occurrence: Occurrence) -> Event:
    event = occurrence.event
    component = _component(event, occurrence)
    component.add("uid", f"date-{occurrence.original_day}-{event.uid}@{mail_domain()}")
    component.add("sequence", occurrence.ical_sequence)
    component.add("dtstart", _local(occurrence.starts_at, event.timezone))
    component.add("dtend", _local(occurrence.ends_at, event.timezone))
    return component


def _component(event: AgendaEvent, occurrence: Occurrence) -> Event:
    """Return what everyone may know of a date, without identifier and times."""
    component = Event()
    component.add("dtstamp", timezone.now().astimezone(UTC))
    component.add("last-modified", occurrence.changed_at.astimezone(UTC))
    component.add("summary", occurrence.shown_title)
    component.add("description", f"{event.summary}\n\n{absolute(occurrence.get_absolute_url())}")
    component.add("url", absolute(occurrence.get_absolute_url()))
    place = ", ".join(part for part in (occurrence.shown_venue, occurrence.shown_address) if part)
    if place and event.is_on_site:
        component.add("location", place)
    component.add("status", "CANCELLED" if occurrence.is_cancelled else "CONFIRMED")
    return component


def _local(moment: datetime | None, zone: str) -> datetime:
    return timezone.localtime(moment, ZoneInfo(zone))


def invitation(registration: Registration, *, cancels: bool = False) -> bytes:
    """Return what a participant's calendar takes in: REQUEST, or CANCEL for what is called off.

    Only here does the link of the video conference appear: for somebody who is expected.
    """
    session = registration.session
    occurrence, event = session.occurrence, session.occurrence.event
    calendar = calendar_of(method="CANCEL" if cancels else "REQUEST")
    calendar.add_component(zone_of(event.timezone))
    component = Event()
    component.add("uid", uid_of_session(session))
    component.add("dtstamp", timezone.now().astimezone(UTC))
    component.add("last-modified", occurrence.changed_at.astimezone(UTC))
    component.add("sequence", occurrence.ical_sequence)
    component.add("dtstart", _local(session.starts_at, event.timezone))
    component.add("dtend", _local(session.ends_at, event.timezone))
    title = " – ".join(part for part in (occurrence.shown_title, session.plan.title) if part)
    component.add("summary", title)
    component.add("url", absolute(occurrence.get_absolute_url()))
    component.add("status", "CANCELLED" if cancels else "CONFIRMED")
    _add_place(component, registration)
    component["organizer"] = _organizer(event)
    attendee = vCalAddress(f"mailto:{registration.email}")
    attendee.params["PARTSTAT"] = vText("DECLINED" if cancels else "ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    component.add("attendee", attendee, encode=False)
    calendar.add_component(component)
    return bytes(calendar.to_ical())


def _add_place(component: Event, registration: Registration) -> None:
    occurrence = registration.session.occurrence
    page = absolute(occurrence.get_absolute_url())
    if registration.attending == Attending.ONLINE:
        link = occurrence.shown_online_url if registration.is_confirmed else ""
        component.add("location", link or _("Video conference"))
        component.add("description", "\n\n".join(part for part in (occurrence.event.summary, link, page) if part))
        return
    place = ", ".join(part for part in (occurrence.shown_venue, occurrence.shown_address) if part)
    if place:
        component.add("location", place)
    component.add("description", f"{occurrence.event.summary}\n\n{page}")
