"""Tables as files: written so that a spreadsheet opens them safely, read as offices write them.

CSV in UTF-8 (with or without its mark), UTF-16 or Windows-1252, cut by semicolons, commas or tabs; XLSX.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

#: What openpyxl, its parsers and the archive raise on a broken workbook.
DAMAGE = (
    *(ArithmeticError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError, TypeError),
    *(ValueError, zipfile.BadZipFile, zlib.error),
)
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A cell that begins so would be computed by the spreadsheet that opens it.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
MAX_BYTES = 5_000_000
#: What a workbook may weigh once unpacked: beyond, it is a bomb.
MAX_UNPACKED = 100_000_000


@dataclass(frozen=True)
class Table:
    """Titles and rows of plain values; numbers stay numbers."""

    titles: Sequence[str]
    rows: Iterable[Sequence[Any]]


def safe_cell(value: Any) -> Any:
    """Return ``value`` with an apostrophe before what a spreadsheet would take for a formula."""
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA):
        return f"'{value}"
    return value


def csv_content(table: Table) -> bytes:
    """Return a table as CSV that French spreadsheets open: UTF-8 with its mark, semicolons, decimal commas."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe_cell(title) for title in table.titles])
    for row in table.rows:
        writer.writerow([_csv_cell(cell) for cell in row])
    return ("\ufeff" + written.getvalue()).encode()


def _csv_cell(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    return safe_cell(_printable(value))


def _printable(value: Any) -> Any:
    """Drop control characters first: a spreadsheet would, and find the formula behind them."""
    return ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value


def xlsx_content(table: Table, *, name: str) -> bytes:
    """Return a table as an XLSX workbook; every cell is a text or a number, never a formula. ``name``: its sheet."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(name[:31])
    sheet.append([_xlsx_cell(sheet, title) for title in table.titles])
    for row in table.rows:
        sheet.append([_xlsx_cell(sheet, value) for value in row])
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=safe_cell(_printable(value)))
    cell.data_type = "s"
    return cell


def table_response(table: Table, *, name: str, extension: str) -> HttpResponse:
    """Return a table as the file ``name.extension`` to save; raises ValueError for another than csv or xlsx."""
    if extension == "csv":
        response = HttpResponse(csv_content(table), content_type="text/csv; charset=utf-8")
    elif extension == "xlsx":
        response = HttpResponse(xlsx_content(table, name=name), content_type=XLSX_TYPE)
    else:
        raise ValueError(extension)
    response["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    return response


def read_table(content: bytes, *, max_rows: int) -> Iterator[list[str]]:
    """Yield the lines of a CSV or XLSX file, titles first, each cell as people see it.

    Raises ValidationError with what is wrong with the file as a whole.
    """
    if len(content) > MAX_BYTES:
        raise ValidationError(_("This file is too big: 5 Mo at most."))
    lines = _workbook_lines(content) if content.startswith(b"PK\x03\x04") else _csv_lines(content)
    for number, line in enumerate(lines):
        if number > max_rows:
            raise ValidationError(_("This file has more than %(rows)d lines: cut it in two.") % {"rows": max_rows})
        yield [_shown(cell) for cell in line]


def _csv_lines(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first = text.lstrip().split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count), strict=True)
    try:
        yield from reader
    except csv.Error as error:
        message = _("This file cannot be read as CSV after line %(line)d: a quotation mark is probably missing.")
        raise ValidationError(message % {"line": reader.line_num}) from error


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in content or content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise ValidationError(_("This file is neither CSV nor XLSX: save it in one of these formats."))
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValidationError(_("The accents of this file cannot be read: save it as “CSV UTF-8”."))


def _workbook_lines(content: bytes) -> Iterator[Iterable[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            is_workbook = "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        is_workbook, unpacked = False, 0
    if not is_workbook or unpacked > MAX_UNPACKED:
        raise ValidationError(_("This file is no XLSX workbook, or it is too big once unpacked."))
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            yield from workbook.worksheets[0].iter_rows(values_only=True)
        finally:
            workbook.close()
    except DAMAGE as error:
        raise ValidationError(_("This workbook is damaged: open it, save it again as XLSX, then try again.")) from error


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime):
        cell = cell.date()
    text = (cell.isoformat() if isinstance(cell, date) else str(cell)).replace("\x00", "").strip()
    # Our own exports write an apostrophe before what a spreadsheet would take for a formula.
    return text[1:] if text.startswith("'") and text[1:2] in FORMULA else text
