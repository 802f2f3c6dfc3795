"""Working days in France: Monday to Friday without the public holidays of the whole country.

Holidays are those of article L3133-1 of the Labour Code; Alsace and Moselle have two more, which
are worked elsewhere.
"""

from datetime import date, datetime, time, timedelta
from functools import cache

from django.utils import timezone


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (the anonymous algorithm of Meeus)."""
    golden, century, of_century = year % 19, year // 100, year % 100
    quarter, left = divmod(century, 4)
    moon = (19 * golden + century - quarter - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    leap, rest = divmod(of_century, 4)
    sunday = (32 + 2 * left + 2 * leap - moon - rest) % 7
    shift = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """Return the eleven public holidays of ``year``."""
    sunday = easter(year)
    fixed = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
    moving = {sunday + timedelta(days=days) for days in (1, 39, 50)}
    return frozenset({date(year, month, day) for month, day in fixed} | moving)


def is_working_day(day: date) -> bool:
    """Whether most offices are open on ``day``."""
    return day.weekday() < 5 and day not in holidays(day.year)


def working_hours_before(moment: datetime, hours: int) -> datetime:
    """Return the moment ``hours`` of working days before ``moment``, each working day counting 24 hours.

    48 working hours before Monday 10 o'clock is Thursday 10 o'clock: Saturday and Sunday count for nothing.
    """
    here = timezone.localtime(moment)
    left = timedelta(hours=hours)
    while left > timedelta(0):
        midnight = timezone.make_aware(datetime.combine(here.date(), time.min))
        if here == midnight:
            day = here.date() - timedelta(days=1)
            midnight = timezone.make_aware(datetime.combine(day, time.min))
        spent = here - midnight
        if is_working_day(midnight.date()):
            if spent >= left:
                return here - left
            left -= spent
        here = midnight
    return here
