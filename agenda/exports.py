"""Who is registered, and what is counted, as tables for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook

from agenda.models import Occurrence, Registration
from agenda.selectors.desk import organisation_of, organisations_by_user
from agenda.selectors.statistics import EventFigures, Figures
from agenda.wording import session_title

#: A cell that begins so is a formula to a spreadsheet, whoever typed it (OWASP, CSV injection).
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(value: object) -> str:
    """Return ``value`` as text that no spreadsheet runs: a formula begins with an apostrophe."""
    text = "" if value is None else str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_SIGNS) else text


def table_of(occurrence: Occurrence, registrations: Iterable[Registration]) -> list[list[str]]:
    """Return the header and one row for each registration, with the answers to the questions."""
    found = list(registrations)
    known = organisations_by_user(found)
    questions = list(occurrence.event.questions.all())
    header = [
        pgettext("of an event", "Part"),
        _("Name"),
        _("E-mail address"),
        _("Organisation"),
        _("State"),
        _("Takes part"),
    ]
    header += [_("Number on the waiting list"), _("Attendance"), _("Asked on"), *(one.label for one in questions)]
    rows = [_row(one, known, [str(question.pk) for question in questions]) for one in found]
    return [[harmless(cell) for cell in row] for row in [header, *rows]]


def _row(registration: Registration, known: dict[int, str], questions: Sequence[str]) -> list[Any]:
    return [
        session_title(registration.session),
        registration.shown_name,
        registration.email,
        organisation_of(registration, known),
        registration.get_state_display(),
        registration.get_attending_display(),
        registration.queue_number,
        registration.get_attendance_display() if registration.attendance else "",
        timezone.localtime(registration.created_at).strftime("%d/%m/%Y %H:%M"),
        *(registration.answers.get(key, "") for key in questions),
    ]


def figures_table(found: EventFigures) -> list[list[str]]:
    """Return the header, one row for each date of an event, and their sum."""
    header = [_("Date"), _("Title"), _("State"), _("Registered"), _("On site"), _("Online"), _("Waiting")]
    header += [_("Withdrawn"), _("Present"), _("Absent"), _("Attendance (%)"), _("Opinions"), _("Average opinion")]
    rows = [
        [
            f"{one.occurrence.local_day:%d/%m/%Y}" if one.occurrence.local_day else "",
            one.occurrence.shown_title,
            one.occurrence.get_status_display(),
            *_figure_cells(one.figures, one.opinions, one.average),
        ]
        for one in found.dates
    ]
    opinions = found.opinions
    total = [_("All dates"), "", "", *_figure_cells(found.total, opinions.count, opinions.average)]
    return [[harmless(cell) for cell in row] for row in [header, *rows, total]]


def _figure_cells(figures: Figures, opinions: int, average: float | None) -> list[Any]:
    counts = (figures.confirmed, figures.on_site, figures.online, figures.waiting, figures.cancelled)
    # A decimal comma: what French spreadsheets read as a number.
    mean = "" if average is None else f"{average:.1f}".replace(".", ",")
    return [*counts, figures.present, figures.absent, figures.attendance_rate, opinions, mean]


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as CSV: UTF-8 with its mark and semicolons, which French spreadsheets open as they are."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerows(rows)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8", "replace")


def as_xlsx(rows: Iterable[Sequence[str]], title: str) -> bytes:
    """Return rows as a workbook of one sheet; every cell is text."""
    book = Workbook(write_only=True)
    # Signs that a sheet's name may not hold.
    sheet = book.create_sheet("".join(sign for sign in title if sign not in r"[]:*?/\\")[:31] or "Inscriptions")
    for row in rows:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
