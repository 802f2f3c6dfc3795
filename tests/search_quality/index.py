"""The corpus in the index of an engine, and the questions put to it."""

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from search import projection
from search.analysis import stem
from search.engines.base import SearchEngine
from search.enums import MEMBERS, PUBLIC
from search.models import SearchDocument
from search.sources import Document
from tests.search_quality.corpus import Sheet

BATCH = 500


def document_of(sheet: Sheet) -> Document:
    """Return the document of a sheet, with facets as many as the portal's own.

    One in ten is for members; territories and calls, which the corpus has not, come from its id.
    """
    chance = int(hashlib.sha256(sheet.id.encode()).hexdigest()[:8], 16)
    return Document(
        key=f"sheet:{sheet.id}",
        kind=f"{sheet.public[:3]}{chance % 3}",
        title=sheet.title,
        url=f"/{sheet.id}/",
        summary=sheet.summary,
        body=sheet.body,
        themes=tuple(stem(part.strip().lower())[:40].replace(" ", "-") for part in sheet.theme.split(",") if part),
        territories=(f"dep-{chance % 96:02}", f"reg-{chance % 13}"),
        calls=(f"call-{chance % 40}",),
        date=sheet.date,
        audience=frozenset({MEMBERS if chance % 10 == 7 else PUBLIC}),
    )


def load(sheets: Iterable[Sheet], *, all_public: bool) -> None:
    """Make ``sheets`` the whole projection."""
    SearchDocument.objects.all()._raw_delete("default")
    batch: list[Document] = []
    for sheet in sheets:
        document = document_of(sheet)
        batch.append(document)
        if len(batch) == BATCH:
            _write(batch, all_public=all_public)
            batch = []
    _write(batch, all_public=all_public)


@transaction.atomic
def _write(batch: list[Document], *, all_public: bool) -> None:
    rows = [projection.row_of(document) for document in batch]
    for row in rows:
        row.version = 1
        if all_public:
            row.audience = PUBLIC
    SearchDocument.objects.bulk_create(rows)


@dataclass(frozen=True, slots=True)
class Built:
    """What building the index cost."""

    documents: int
    cpu_seconds: float


def build(engine: SearchEngine) -> Built:
    """Build the engine's index from the projection."""
    started = time.process_time()
    engine.setup()
    engine.fill(engine.begin_rebuild(), lambda done, total: None)
    engine.refresh()
    return Built(SearchDocument.objects.count(), time.process_time() - started)
