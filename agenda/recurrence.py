"""How a series comes back: a rule in words, kept as an RFC 5545 rule, expanded in local time.

Rules are expanded as naive local times and localised afterwards: a meeting at 9:00 stays at 9:00 after
the clocks change, and one at 0:30 on a Monday stays on Mondays.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import recurrence
from dateutil import rrule

from agenda.enums import Frequency

#: More dates than anyone plans; an unbounded rule would never end.
MAX_OCCURRENCES = 120
#: A series is planned for three years at most.
MAX_SPAN = timedelta(days=3 * 366)

_FREQUENCIES = {
    Frequency.DAILY: recurrence.DAILY,
    Frequency.WEEKLY: recurrence.WEEKLY,
    Frequency.MONTHLY_DATE: recurrence.MONTHLY,
    Frequency.MONTHLY_DAY: recurrence.MONTHLY,
    Frequency.YEARLY: recurrence.YEARLY,
}


@dataclass(frozen=True)
class Series:
    """A rule in words. ``weekdays`` (0 is Monday) count for weekly ones; either ``count`` or ``until`` is given."""

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    count: int | None = None
    until: date | None = None


def position_in_month(day: date) -> int:
    """Return which one of its weekday ``day`` is in its month: 1 to 4, or -1 for the last where it is the fifth."""
    position = (day.day - 1) // 7 + 1
    return position if position <= 4 else -1


def rule_of(series: Series, *, first_day: date) -> recurrence.Recurrence | None:
    """Return the rule to store; None for what does not come back.

    "Until" holds the chosen day: the rule ends at its last second in UTC, whatever the time zone.
    Raises ValueError for a rule without an end.
    """
    if series.frequency == Frequency.ONCE:
        return None
    if series.count is None and series.until is None:
        raise ValueError("a rule needs an end")
    byday: list[recurrence.Weekday] = []
    if series.frequency == Frequency.WEEKLY:
        byday = [recurrence.Weekday(number) for number in sorted({*series.weekdays, first_day.weekday()})]
    if series.frequency == Frequency.MONTHLY_DAY:
        byday = [recurrence.Weekday(first_day.weekday(), position_in_month(first_day))]
    until = None
    if series.count is None and series.until is not None:
        until = datetime.combine(series.until, time(23, 59, 59), tzinfo=ZoneInfo("UTC"))
    rule = recurrence.Rule(
        _FREQUENCIES[series.frequency], interval=series.interval, count=series.count, until=until, byday=byday
    )
    return recurrence.Recurrence(rrules=[rule], include_dtstart=False)


def series_of(stored: recurrence.Recurrence | None) -> Series:
    """Return the words of a stored rule, for the form."""
    if not stored or not stored.rrules:
        return Series(Frequency.ONCE)
    rule = stored.rrules[0]
    frequency = next(words for words, number in _FREQUENCIES.items() if number == rule.freq)
    weekdays: tuple[int, ...] = ()
    if rule.freq == recurrence.WEEKLY:
        weekdays = tuple(recurrence.to_weekday(one).number for one in rule.byday)
    elif rule.freq == recurrence.MONTHLY and rule.byday:
        frequency = Frequency.MONTHLY_DAY
    return Series(frequency, rule.interval, weekdays, rule.count, rule.until.date() if rule.until else None)


def days_of(stored: recurrence.Recurrence | None, *, first_day: date, excluded: Iterable[date] = ()) -> list[date]:
    """Return the days on which a series begins anew, without those excluded, in order.

    At most MAX_OCCURRENCES, within MAX_SPAN of the first day: a bound on what a form may ask for.
    """
    if not stored or not stored.rrules:
        return [first_day]
    rule = stored.rrules[0]
    expanded = rrule.rrule(
        _DATEUTIL[rule.freq],
        dtstart=datetime.combine(first_day, time()),
        interval=rule.interval,
        count=rule.count,
        until=_last_moment(rule, first_day),
        byweekday=[_dateutil_weekday(one) for one in rule.byday] or None,
    )
    without = set(excluded)
    return [found.date() for found in islice(expanded, MAX_OCCURRENCES) if found.date() not in without]


#: The numbers are those of dateutil; named here so that nobody has to know it.
_DATEUTIL = {
    recurrence.YEARLY: rrule.YEARLY,
    recurrence.MONTHLY: rrule.MONTHLY,
    recurrence.WEEKLY: rrule.WEEKLY,
    recurrence.DAILY: rrule.DAILY,
}


def _last_moment(rule: recurrence.Rule, first_day: date) -> datetime | None:
    """Return the end of the last day; a rule with a count has none (RFC 5545 allows one of both)."""
    if rule.count is not None:
        return None
    bound = first_day + MAX_SPAN
    return datetime.combine(min(rule.until.date(), bound) if rule.until else bound, time(23, 59, 59))


def _dateutil_weekday(one: recurrence.Weekday | int | str) -> rrule.weekday:
    weekday = recurrence.to_weekday(one)
    return rrule.weekday(weekday.number, weekday.index or None)


def localised(day: date, clock: time, zone: str) -> datetime:
    """Return the moment when the clock of ``zone`` shows ``clock`` on ``day``.

    A time that the change of March skips is read as one hour later, as calendars do.
    """
    moment = datetime.combine(day, clock, tzinfo=ZoneInfo(zone))
    # A skipped hour does not survive the way to UTC and back; what comes back is the hour after it.
    return moment.astimezone(ZoneInfo("UTC")).astimezone(ZoneInfo(zone))
