"""Tables as files that a spreadsheet opens safely."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from portal.core import tables

XLSX_TYPE = tables.XLSX_TYPE


def safe_cell(value: Any) -> Any:
    """Return ``value`` without signs that no workbook holds, and with an apostrophe before a would-be formula.

    In this order: a sign that is dropped must not hide the "=" behind it. Numbers stay numbers.
    """
    return tables.safe_cell(ILLEGAL_CHARACTERS_RE.sub("", value)) if isinstance(value, str) else value


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield a table as CSV that French spreadsheets open: with a mark of UTF-8, cut by semicolons."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield "\ufeff"
    yield writer.writerow(titles)  # type: ignore[misc]
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row])  # type: ignore[misc]


def csv_response(name: str, titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """Return a table as a CSV file to save, written while it is sent."""
    response = StreamingHttpResponse(csv_lines(titles, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def xlsx_response(name: str, titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse | FileResponse:
    """Return a table as an XLSX file to save; every cell is a text or a number, never a formula."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("structures")
    sheet.append(list(titles))
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    file = TemporaryFile()  # noqa: SIM115 -- the response closes it
    workbook.save(file)
    file.seek(0, io.SEEK_SET)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX_TYPE)


def _cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=safe_cell(value))
    cell.data_type = "s"
    return cell
