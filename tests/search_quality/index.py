"""The corpus in the index of an engine."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, ClassVar, TypeVar

from django.db import transaction
from django.db.models import QuerySet

from portal.taxonomy.models import Occupation
from search import projection
from search.analysis import stem
from search.engines.base import SearchEngine
from search.enums import MEMBERS, PUBLIC
from search.models import SearchDocument
from search.sources import Document, DocumentSource, register, register_labels, sources, sources_of
from tests.search_quality.corpus import Sheet

BATCH = 500
Found = TypeVar("Found")
CALLS = 40
KINDS = tuple(f"{public}{number}" for public in ("par", "pro", "ass") for number in range(3))


def document_of(sheet: Sheet) -> Document:
    """Return the document of a sheet, with facets as many as the portal's own.

    One in ten is for members; kinds, territories and calls, which the corpus has not, come from its id.
    """
    chance = int(hashlib.sha256(sheet.id.encode()).hexdigest()[:8], 16)
    kind = f"{sheet.public[:3]}{chance % 3}"
    return Document(
        key=f"{kind}:{sheet.id}",
        kind=kind,
        title=sheet.title,
        url=f"/{sheet.id}/",
        summary=sheet.summary,
        body=sheet.body,
        themes=tuple(stem(part.strip().lower())[:40].replace(" ", "-") for part in sheet.theme.split(",") if part),
        territories=(f"dep-{chance % 96:02}", f"reg-{chance % 13}"),
        calls=(f"call-{chance % CALLS}",),
        date=sheet.date,
        audience=frozenset({MEMBERS if chance % 10 == 7 else PUBLIC}),
    )


def _batched(found: Iterable[Found]) -> Iterator[list[Found]]:
    waiting = iter(found)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def fill(engine: SearchEngine, sheets: Iterable[Sheet]) -> None:
    """Make ``sheets``, all of them public, the whole projection, and build the engine's index from it."""
    SearchDocument.objects.all()._raw_delete("default")
    for batch in _batched(sheets):
        with transaction.atomic():
            rows = [projection.row_of(replace(document_of(sheet), audience=frozenset({PUBLIC}))) for sheet in batch]
            for row in rows:
                row.version = 1
            SearchDocument.objects.bulk_create(rows)
    build(engine)


def build(engine: SearchEngine) -> None:
    """Build the engine's index from the projection."""
    engine.setup()
    engine.fill(engine.begin_rebuild(), lambda done, total: None)
    engine.refresh()


class CorpusSource(DocumentSource):
    """A kind of the corpus, whose rows are those of a table: a row's key says which document it is."""

    model = "taxonomy.Occupation"
    label = "Corpus"
    documents: ClassVar[dict[int, Document]] = {}

    def queryset(self) -> QuerySet[Any]:
        """Return the rows of this kind."""
        return Occupation.objects.filter(name=self.kind)

    def to_document(self, obj: Occupation) -> Document | None:
        """Describe a row, as apps describe theirs."""
        document = self.documents[obj.pk]
        return replace(document, key=self.key_of(obj.pk)) if document.kind == self.kind else None


def _labels_of_calls() -> dict[str, str]:
    """Return the values as they are, remembered as the portal does with those of calls."""
    return {f"call-{number}": f"call-{number}" for number in range(CALLS)}


def declare_corpus(sheets: Iterator[Sheet]) -> None:
    """Make ``sheets`` all that can be found, in place of the portal's own things; nothing is indexed yet."""
    sources._entries.clear()
    sources_of.cache_clear()
    for kind in KINDS:
        register(type(f"Corpus{kind}", (CorpusSource,), {"kind": kind}))
    register_labels("appel")(_labels_of_calls)
    Occupation.objects.all()._raw_delete("default")
    SearchDocument.objects.all()._raw_delete("default")
    for number, sheet in enumerate(sheets, start=1):
        CorpusSource.documents[number] = document_of(sheet)
    rows = (Occupation(pk=pk, code=f"{pk:05X}", name=one.kind) for pk, one in CorpusSource.documents.items())
    for batch in _batched(rows):
        Occupation.objects.bulk_create(batch)
