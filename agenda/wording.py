"""Dates, places and audiences in words."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from agenda.enums import Attending
from agenda.models import Event, Occurrence, Session
from portal.core.dates import format_day
from portal.core.money import NBSP

#: The identifiers of the time zones know no accents.
ZONE_NAMES = {"Indian/Reunion": "La Réunion"}


def clock(moment: datetime) -> str:
    """Return the time as the French say it: « 9 h » or « 14 h 30 »."""
    return f"{moment.hour}{NBSP}h{NBSP}{moment.minute:02d}" if moment.minute else f"{moment.hour}{NBSP}h"


def when(starts_at: datetime | None, ends_at: datetime | None, zone: str) -> str:
    """Return « jeudi 12 mars 2026, de 9 h 30 à 12 h », over several days « du … au … ».

    The clock is the one of the event's time zone, which is named where it is not the portal's.
    """
    if starts_at is None or ends_at is None:
        return _("Date not stated")
    begins, ends = timezone.localtime(starts_at, ZoneInfo(zone)), timezone.localtime(ends_at, ZoneInfo(zone))
    if begins.date() == (ends - timedelta(seconds=1)).date():
        text = _("%(day)s, from %(start)s to %(end)s") % {
            "day": format_day(begins.date(), with_weekday=True),
            "start": clock(begins),
            "end": clock(ends),
        }
    else:
        text = _("from %(first)s, %(start)s, to %(last)s, %(end)s") % {
            "first": format_day(begins.date(), with_weekday=True),
            "start": clock(begins),
            "last": format_day(ends.date(), with_weekday=True),
            "end": clock(ends),
        }
    return f"{text}{zone_note(zone)}"


def spoken_moment(moment: datetime | None, zone: str) -> str:
    """Return « jeudi 12 mars 2026 à 9 h 30 »; empty for None."""
    if moment is None:
        return ""
    here = timezone.localtime(moment, ZoneInfo(zone))
    spoken = {"day": format_day(here.date(), with_weekday=True), "time": clock(here)}
    return _("%(day)s at %(time)s") % spoken + zone_note(zone)


def zone_note(zone: str) -> str:
    """Return « (heure de La Réunion) » for a clock that is not the portal's; empty for the portal's own."""
    if zone == settings.TIME_ZONE:
        return ""
    return " " + _("(time of %(place)s)") % {"place": zone_name(zone)}


def zone_name(zone: str) -> str:
    """Return the place of a time zone, as the French write it."""
    return ZONE_NAMES.get(zone) or zone.rpartition("/")[2].replace("_", " ")


def occurrence_when(occurrence: Occurrence) -> str:
    """Return when a date takes place."""
    return when(occurrence.starts_at, occurrence.ends_at, occurrence.event.timezone)


def session_when(session: Session) -> str:
    """Return when a session takes place."""
    return when(session.starts_at, session.ends_at, session.occurrence.event.timezone)


def session_title(session: Session) -> str:
    """Return the title of the date, with that of the session where it has one."""
    return " – ".join(part for part in (session.occurrence.shown_title, session.plan.title) if part)


def place(occurrence: Occurrence, attending: str = "") -> str:
    """Return where it takes place, for all who come, or for one way to take part."""
    event: Event = occurrence.event
    here = ", ".join(part for part in (occurrence.shown_venue, occurrence.shown_address) if part)
    if attending == Attending.ONLINE or not event.is_on_site:
        return _("On line")
    if attending == Attending.ON_SITE or not event.is_online:
        return here
    return _("%(place)s and on line") % {"place": here} if here else _("On site and on line")
