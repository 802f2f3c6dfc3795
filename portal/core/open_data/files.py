"""A published dataset as files that others use."""

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.functional import Promise

from portal.core.datasets import Dataset
from portal.core.tables import Table, csv_content

LICENCE = "Licence Ouverte 2.0"
LICENCE_URL = "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf"


def as_csv(dataset: Dataset) -> bytes:
    """Return the dataset as CSV; its columns are those of the dictionary, in that order."""
    names = [column.name for column in dataset.columns]
    return csv_content(Table(names, ([_plain(row[name]) for name in names] for row in dataset.rows())))


def as_json(dataset: Dataset, *, publisher: str) -> bytes:
    """Return the dataset as JSON, with its licence, its date and its dictionary; numbers and dates keep their type."""
    rows = [
        {column.name: _json_value(row[column.name], column.type) for column in dataset.columns}
        for row in dataset.rows()
    ]
    content = {
        "titre": str(dataset.title),
        "description": str(dataset.description),
        "producteur": publisher,
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "date": timezone.localdate().isoformat(),
        "colonnes": dictionary(dataset),
        "lignes": rows,
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def dictionary(dataset: Dataset) -> list[dict[str, str]]:
    """Return the data dictionary: name, type and meaning of every column."""
    return [
        {"nom": column.name, "type": column.type, "description": str(column.description)} for column in dataset.columns
    ]


def file_response(request: HttpRequest, content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """Return a file that any site may read; by its fingerprint an unchanged one is not sent again (304)."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Access-Control-Allow-Origin"] = "*"
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return answer if answer is not None else response


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Promise) else value


def _json_value(value: Any, kind: str) -> Any:
    value = _plain(value)
    if value == "" and kind != "text":
        return None
    return str(value) if isinstance(value, Decimal) else value
