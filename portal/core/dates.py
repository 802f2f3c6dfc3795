"""Days as the French write them."""

from datetime import date

from django.utils.formats import date_format


def format_day(day: date | None, *, with_weekday: bool = False) -> str:
    """Return ``31 janvier 2019``, ``1er octobre 2018`` or ``jeudi 12 mars 2026``; empty for None.

    A moment is read in the current time zone. The first of a month is an ordinal in French, which
    Django's formats do not know.
    """
    if day is None:
        return ""
    text = date_format(day, "l j F Y" if with_weekday else "j F Y")
    first, is_first = (" 1 ", True) if with_weekday else ("1 ", text.startswith("1 "))
    return text.replace(first, first.replace("1", "1er"), 1) if is_first else text
