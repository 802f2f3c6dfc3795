"""Reading a file of organisations: what the spreadsheets of French offices write.

CSV in UTF-8 (with or without its mark), UTF-16 or Windows-1252, cut by semicolons, commas or tabs;
XLSX. Nothing here judges the lines or writes: see ``checking`` and ``writing``.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from directory.exchange.columns import BY_NAME, IMPORTED, TITLES
from portal.core.tables import DAMAGE, FORMULA
from portal.taxonomy.models import normalize_name

MAX_BYTES = 20_000_000
#: What a workbook may weigh once unpacked: beyond, it is a bomb or no directory.
MAX_UNPACKED = 300_000_000
MAX_ROWS = 25_000
#: Lines that are read at most, titles and blank ones included: one cell at the end of a sheet makes a million.
MAX_LINES = MAX_ROWS + 1_000
MAX_COLUMNS = 200
_ROUNDED = re.compile(r"\d[.,]\d+E\+?\d+", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One line of the file: its number as a spreadsheet shows it, and its cells by column."""

    number: int
    cells: dict[str, str]


def read_rows(content: bytes) -> list[Row]:
    """Return the lines of a file; raises ValidationError with what is wrong with the file as a whole."""
    if len(content) > MAX_BYTES:
        raise ValidationError(_("This file is too big: 20 Mo at most."))
    is_archive = content.startswith(b"PK\x03\x04")
    lines: Iterator[Sequence[Any]] = _workbook_lines(content) if is_archive else _csv_lines(content)
    titles = next(lines, None)
    if titles is None or not any(str(title or "").strip() for title in titles):
        raise ValidationError(_("This file is empty, or its first line is."))
    _check_width(titles)
    columns = _columns(titles)
    rows = []
    for number, line in enumerate(_bounded(lines), start=2):
        cells = {
            column: _text(column, cell) for column, cell in zip(columns, line, strict=False) if column and cell != ""
        }
        if any(cells.values()):
            rows.append(Row(number, cells))
        if len(rows) > MAX_ROWS:
            raise ValidationError(_("This file has more than %(rows)d lines: cut it in two.") % {"rows": MAX_ROWS})
    if not rows:
        raise ValidationError(_("This file has titles, and no organisation below them."))
    return rows


def _bounded(lines: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Yield ``lines``, blank ones too; raises ValidationError beyond what a directory can fill."""
    for number, line in enumerate(lines, start=2):
        if number > MAX_LINES:
            raise ValidationError(
                _("This file has more than %(rows)d lines, blank ones included: delete those at its end.")
                % {"rows": MAX_ROWS}
            )
        _check_width(line)
        yield line


def _check_width(line: Sequence[Any]) -> None:
    if len(line) > MAX_COLUMNS:
        raise ValidationError(
            _("This file has more than %(columns)d columns: delete those on the right, blank ones too.")
            % {"columns": MAX_COLUMNS}
        )


def _csv_lines(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first = text.lstrip().split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count), strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise ValidationError(
            _("This file cannot be read as CSV after line %(line)d: a quotation mark is probably missing.")
            % {"line": reader.line_num}
        ) from error


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in content or content.startswith(b"\xd0\xcf\x11\xe0"):
        raise ValidationError(_("This file is neither CSV nor XLSX: save it in one of these formats."))
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise ValidationError(_("The accents of this file cannot be read: save it as “CSV UTF-8”."))


def _workbook_lines(content: bytes) -> Iterator[Sequence[Any]]:
    _refuse_bombs(content)
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            yield from workbook.worksheets[0].iter_rows(values_only=True)
        finally:
            workbook.close()
    except DAMAGE as error:
        raise ValidationError(_("This workbook is damaged: open it, save it again as XLSX, then try again.")) from error


def _refuse_bombs(content: bytes) -> None:
    """Raise ValidationError for an archive that is no workbook, or that would fill the memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            is_workbook = "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        is_workbook, unpacked = False, 0
    if not is_workbook or unpacked > MAX_UNPACKED:
        raise ValidationError(_("This file is no XLSX workbook, or it is too big once unpacked."))


def _columns(titles: Iterable[Any]) -> list[str]:
    columns = [TITLES.get(normalize_name(str(title or "")), "") for title in titles]
    named = [column for column in columns if column]
    if "nom" not in named and "identifiant" not in named:
        shown = ", ".join(column.name for column in IMPORTED[:8])
        raise ValidationError(
            _("The first line must hold the titles of the columns, “nom” among them: %(titles)s…") % {"titles": shown}
        )
    if len(named) != len(set(named)):
        raise ValidationError(_("Two columns of this file have the same title."))
    return columns


def _text(column: str, cell: Any) -> str:
    """Return a cell as people see it; the zeros that a spreadsheet has taken off a number are put back."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime | date):
        cell = cell.isoformat()
    text = str(cell).strip()
    # Exports write an apostrophe before what a spreadsheet would take for a formula.
    if text.startswith("'") and text[1:].lstrip(" ").startswith(FORMULA):
        text = text[1:].strip()
    return _with_zeros(text, column)


def _with_zeros(text: str, column: str) -> str:
    width = BY_NAME[column].digits
    digits = text.removesuffix(".0")
    if width and digits.isascii() and digits.isdigit() and width - 4 <= len(digits) < width:
        return digits.zfill(width)
    if column == "telephone" and digits.isascii() and digits.isdigit() and len(digits) == 9:
        return f"0{digits}"
    return text


def is_rounded(text: str) -> bool:
    """Whether a spreadsheet has shortened a long number: 1,30025E+13 names nobody."""
    return bool(_ROUNDED.fullmatch(text))
