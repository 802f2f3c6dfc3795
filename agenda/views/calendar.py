"""The agenda as a month and as a week."""

from calendar import Calendar, monthrange
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agenda.filters import AgendaFilter, parse_filter
from agenda.presentation import entry_label
from agenda.selectors.calendar import Entry, Reach, bounds_for, entries_between, first_day_from, reach_of
from agenda.views.public import filter_context
from portal.core.dates import format_day
from portal.core.page_cache import cached_for_visitors
from portal.core.remember import remembered

#: Years that the calendar shows: others can only come from a machine that follows "next" for ever.
YEARS = range(2015, 2041)
#: Entries of one day in a month; the rest stands behind a link.
SHOWN_A_DAY = 4


Cell = dict[str, Any]


@require_safe
def this_month(request: HttpRequest) -> HttpResponse:
    """Lead to the month of today."""
    today = timezone.localdate()
    return redirect(_with_query(reverse("agenda:month", args=[today.year, f"{today.month:02d}"]), request))


@require_safe
def this_week(request: HttpRequest) -> HttpResponse:
    """Lead to the week of today."""
    year, week, _weekday = timezone.localdate().isocalendar()
    return redirect(_with_query(reverse("agenda:week", args=[year, week]), request))


def _with_query(url: str, request: HttpRequest) -> str:
    query = request.META.get("QUERY_STRING", "")
    return f"{url}?{query}" if query else url


@require_safe
@cached_for_visitors("agenda", "taxonomy")
def month_of(request: HttpRequest, year: str, month: str) -> HttpResponse:
    """Show the dates of one month as a table, weeks as rows."""
    return _month_page(request, int(year), int(month))


def _month_page(request: HttpRequest, year: int, month: int) -> HttpResponse:
    if year not in YEARS or not 1 <= month <= 12:
        raise Http404
    chosen = parse_filter(request.GET)
    weeks, count = _month_cells(reach_of(request.user), chosen, year, month)
    first = date(year, month, 1)
    following = first + timedelta(days=monthrange(year, month)[1])
    context = {
        "chosen": chosen,
        "weeks": weeks,
        "weekdays": [date_format(day, "l") for day in Calendar().monthdatescalendar(year, month)[0]],
        "heading": date_format(first, "F Y"),
        "count": count,
        "next_day": None if count else _next_day(request, chosen, following, _month_url),
        **_neighbours(request, first, following, _month_url, chosen, lambda day: date_format(day, "F Y")),
        **filter_context(request, chosen),
    }
    return render(request, "agenda/month.html", context)


@remembered("agenda", "taxonomy")
def _month_cells(reach: Reach, chosen: AgendaFilter, year: int, month: int) -> tuple[list[list[Cell]], int]:
    """Return the weeks of a month as cells, and how many dates it has."""
    weeks = Calendar().monthdatescalendar(year, month)
    entries = entries_between(reach, chosen, weeks[0][0], weeks[-1][-1])
    cells = _days_of(entries, chosen, (day for week in weeks for day in week), month=month)
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    count = sum(entry.first_day <= last and entry.last_day >= first for entry in entries)
    return [[cells[day] for day in week] for week in weeks], count


def _month_url(day: date, chosen: AgendaFilter) -> str:
    url = reverse("agenda:month", args=[day.year, f"{day.month:02d}"])
    query = chosen.query()
    return f"{url}?{query}" if query else url


def _neighbours(
    request: HttpRequest,
    first: date,
    following: date,
    url_of: Callable[[date, AgendaFilter], str],
    chosen: AgendaFilter,
    label_of: Callable[[date], str],
) -> dict[str, dict[str, str] | None]:
    """Return the ways to the page before ``first`` and to the one of ``following``, where something is there.

    Who follows "next" comes to the last date, and not to the end of times.
    """
    bounds = bounds_for(reach_of(request.user))
    previous = first - timedelta(days=1)

    def step(day: date) -> dict[str, str]:
        return {"url": url_of(day, chosen), "label": label_of(day)}

    return {
        "previous": step(previous) if bounds and bounds[0] <= previous else None,
        "following": step(following) if bounds and bounds[1] >= following else None,
    }


def _next_day(
    request: HttpRequest, chosen: AgendaFilter, day: date, url_of: Callable[[date, AgendaFilter], str]
) -> dict[str, str] | None:
    """Return the way to the first date from ``day`` on that the filters let through; None where there is none."""
    found = first_day_from(reach_of(request.user), chosen, day)
    return {"url": url_of(found, chosen), "label": format_day(found)} if found else None


def _days_of(
    entries: Iterable[Entry], chosen: AgendaFilter, days: Iterable[date], *, month: int | None, limit: int = SHOWN_A_DAY
) -> dict[date, Cell]:
    """Return the cells of ``days``, each with what happens on it: an event of three days stands on each.

    Plain values alone, so that the component's drawing is kept while they are the same.
    """
    today = timezone.localdate()
    cells: dict[date, Cell] = {day: _cell(day, month, today) for day in days}
    first, last = min(cells), max(cells)
    for entry in entries:
        day = max(entry.first_day, first)
        while day <= min(entry.last_day, last):
            shown: list[Cell] = cells[day]["entries"]
            if len(shown) < limit:
                shown.append({"label": entry_label(entry), "url": entry.url, "is_off": entry.is_cancelled})
            else:
                cells[day]["more"] += 1
            day += timedelta(days=1)
    index = reverse("agenda:index")
    for cell in cells.values():
        if cell["more"]:
            cell["more_url"] = f"{index}?{chosen.query(jour=cell['iso'])}"
    return cells


def _cell(day: date, month: int | None, today: date) -> Cell:
    return {
        "number": str(day.day),
        "iso": day.isoformat(),
        "spoken": format_day(day, with_weekday=True),
        "is_outside": month is not None and day.month != month,
        "is_today": day == today,
        "entries": [],
        "more": 0,
        "more_url": "",
    }


@require_safe
@cached_for_visitors("agenda", "taxonomy")
def week_of(request: HttpRequest, year: str, week: str) -> HttpResponse:
    """Show the dates of one week, a column a day."""
    try:
        monday = date.fromisocalendar(int(year), int(week), 1)
    except ValueError as error:
        raise Http404 from error
    if int(year) not in YEARS:
        raise Http404
    chosen = parse_filter(request.GET)
    days = [monday + timedelta(days=number) for number in range(7)]
    entries = entries_between(reach_of(request.user), chosen, days[0], days[-1])
    cells = _days_of(entries, chosen, days, month=None, limit=30)
    following = monday + timedelta(days=7)
    context = {
        "chosen": chosen,
        "weeks": [[cells[day] for day in days]],
        "weekdays": [date_format(day, "l") for day in days],
        "count": len(entries),
        "next_day": None if entries else _next_day(request, chosen, following, _week_url),
        "heading": _("Week of %(day)s") % {"day": format_day(monday)},
        **_neighbours(request, monday, following, _week_url, chosen, _week_label),
        **filter_context(request, chosen),
    }
    return render(request, "agenda/week.html", context)


def _week_url(day: date, chosen: AgendaFilter) -> str:
    year, number, _weekday = day.isocalendar()
    url = reverse("agenda:week", args=[year, number])
    query = chosen.query()
    return f"{url}?{query}" if query else url


def _week_label(day: date) -> str:
    return _("week of %(day)s") % {"day": format_day(day - timedelta(days=day.weekday()))}
