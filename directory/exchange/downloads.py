"""The directory as files: CSV and XLSX for spreadsheets, JSON in the schema of data·inclusion."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory.exchange.columns import EXPORTED, SEPARATOR
from directory.exchange.records import described, structure_of
from directory.exchange.tables import csv_response, xlsx_response
from directory.facets import FacetedDirectory, read_filter
from directory.forms import DirectoryFilterForm
from directory.models import FormerName, Organisation
from directory.phones import format_public_phone
from portal.core.addresses import absolute_of
from portal.core.throttle import client_network, take_turn
from portal.taxonomy.models import Territory

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


def _row(organisation: Organisation) -> list[Any]:
    seat = organisation.seat
    commune = seat if seat is not None and seat.level == Territory.Level.COMMUNE else None
    former = [one.name for one in organisation.other_names.all() if one.kind == FormerName.Kind.FORMER]
    cells = {
        "identifiant": str(organisation.uid),
        "nom": organisation.name,
        "sigle": organisation.acronym,
        "intitule_du_sigle": organisation.acronym_expansion,
        "type": organisation.kind.name,
        "siret": organisation.siret or "",
        "categorie_juridique": str(organisation.get_legal_category_display() or ""),
        "description": organisation.description,
        "site_web": organisation.website,
        "telephone": format_public_phone(organisation.phone).replace("\N{NO-BREAK SPACE}", " "),
        "poste": organisation.phone_extension,
        "adresse": organisation.street,
        "code_postal": organisation.postal_code,
        "commune": commune.name if commune else "",
        "code_insee": commune.code if commune else "",
        "territoires": SEPARATOR.join(place.public_code for place in organisation.territories.all()),
        "themes": SEPARATOR.join(theme.name for theme in organisation.themes.all()),
        "publics": SEPARATOR.join(audience.name for audience in organisation.audiences.all()),
        "reseaux": SEPARATOR.join(network.name for network in organisation.networks.all()),
        "anciens_noms": SEPARATOR.join(former),
        "verifiee": "oui" if organisation.verified_at else "non",
        "mise_a_jour": organisation.updated_at.date().isoformat(),
        "page": absolute_of("directory:organisation", organisation.slug),
    }
    return [cells[column.name] for column in EXPORTED]
