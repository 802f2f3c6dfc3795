"""The directory as files: CSV and XLSX for spreadsheets, JSON in the schema of data·inclusion."""

import json
from collections.abc import Iterator, Sequence

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory.exchange.columns import EXPORTED
from directory.exchange.records import cells_of, described, structure_of
from directory.exchange.tables import csv_response, xlsx_response
from directory.facets import FacetedDirectory, read_filter
from directory.forms import DirectoryFilterForm
from directory.models import Organisation
from portal.core.throttle import client_network, take_turn

#: Whole files are heavy: so many from one machine in an hour.
FILES, HOUR = 20, 3_600


@require_safe
def export(request: HttpRequest, form: str) -> HttpResponse | StreamingHttpResponse:
    """Serve the organisations that the filters of the address leave, as a file; no e-mail address is in it."""
    if form not in {"csv", "xlsx", "json"}:
        raise Http404
    if not take_turn("directory-export", client_network(request), limit=FILES, seconds=HOUR):
        return render(request, "directory/too_many.html", status=429)
    filters = DirectoryFilterForm(request.GET)
    filters.is_valid()
    faceted = FacetedDirectory(request.user, read_filter(filters.cleaned_data))
    keys = [found.pk for found in faceted.found("nom")]
    if form == "json":
        response = StreamingHttpResponse(_json(keys), content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="structures.json"'
        return response
    titles, rows = [column.name for column in EXPORTED], (_row(one) for one in described(keys))
    return (
        csv_response("structures.csv", titles, rows)
        if form == "csv"
        else xlsx_response("structures.xlsx", titles, rows)
    )


def _json(keys: Sequence[int]) -> Iterator[str]:
    """Yield a list of "structures" piece by piece."""
    yield "["
    for number, organisation in enumerate(described(keys)):
        yield ",\n" if number else "\n"
        yield json.dumps(structure_of(organisation), ensure_ascii=False)
    yield "\n]\n"


def _row(organisation: Organisation) -> list[str]:
    cells = cells_of(organisation)
    return [cells[column.name] for column in EXPORTED]
