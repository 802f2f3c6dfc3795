"""The rows of the projection: what is written, what has changed, what is gone."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass

from django.conf import settings

from search.analysis import ANALYZER_VERSION, clean_text
from search.models import RemoteTask, SearchDocument
from search.sources import Document


@dataclass(frozen=True, slots=True)
class Change:
    """A document before and after; ``before`` is None for a new one, ``after`` for one that is gone."""

    before: SearchDocument | None
    after: SearchDocument | None


FIELDS = (
    *("kind", "weight", "date", "audience", "themes", "territories", "calls", "version", "digest", "url"),
    *("breadcrumb", "title", "summary", "keywords", "body", "members_body"),
)
#: A row that was tampered with is written again, even where its digest is right.
COMPARED = tuple(name for name in FIELDS if name != "version")


def digest_of(document: Document) -> str:
    """Return what changes whenever ``document`` or the rules of analysis do."""
    values = [str(sorted(value)) if isinstance(value, frozenset) else repr(value) for value in astuple(document)]
    return hashlib.sha256("\x1f".join([str(ANALYZER_VERSION), *values]).encode()).hexdigest()


def row_of(document: Document) -> SearchDocument:
    """Return the row of ``document``, without control signs, not saved."""
    return SearchDocument(
        key=document.key,
        kind=document.kind,
        weight=document.weight,
        date=document.date,
        audience=f" {' '.join(sorted(document.audience))} ",
        themes=" ".join(document.themes),
        territories=" ".join(document.territories),
        calls=" ".join(document.calls),
        digest=digest_of(document),
        url=document.url,
        breadcrumb=clean_text(document.breadcrumb)[:300],
        title=clean_text(document.title)[:300],
        summary=clean_text(document.summary),
        keywords=clean_text(document.keywords),
        body=clean_text(document.body),
        members_body=clean_text(document.members_body),
    )


def write(documents: Sequence[Document], versions: Mapping[str, int]) -> list[Change]:
    """Write what has changed of ``documents`` and return it; call it in a transaction.

    ``versions`` are the numbers of the outbox that led here, by key. A document's version only
    grows, whatever the order in which transactions commit.
    """
    rows = {document.key: row_of(document) for document in documents}
    known = {row.key: row for row in SearchDocument.objects.filter(key__in=rows).order_by()}
    changes = []
    for key, row in rows.items():
        before = known.get(key)
        if before is not None and all(getattr(before, name) == getattr(row, name) for name in COMPARED):
            continue
        row.version = max(versions.get(key, 0), before.version + 1 if before else 1)
        row.pk = before.pk if before else None
        changes.append(Change(before, row))
    SearchDocument.objects.bulk_create([change.after for change in changes if not change.before and change.after])
    for change in changes:
        if change.before and change.after:
            # One by one: bulk_update makes a CASE of each field of each row, at ten times the cost.
            _update(change.before, change.after)
    _announce((change.after.key, change.after.version) for change in changes if change.after)
    return changes


def _update(before: SearchDocument, after: SearchDocument) -> None:
    values = {name: getattr(after, name) for name in FIELDS if getattr(after, name) != getattr(before, name)}
    SearchDocument.objects.filter(pk=before.pk).update(**values)


def erase(keys: Iterable[str], versions: Mapping[str, int]) -> list[Change]:
    """Delete the rows of ``keys`` and return what is gone; unknown keys are no error."""
    gone = list(SearchDocument.objects.filter(key__in=list(keys)).order_by("pk"))
    if gone:
        rows = SearchDocument.objects.filter(pk__in=[row.pk for row in gone])
        # No signal for each: nothing depends on a row.
        rows._raw_delete(rows.db)
        _announce((row.key, max(versions.get(row.key, 0), row.version + 1)) for row in gone)
    return [Change(row, None) for row in gone]


def _announce(versions: Iterable[tuple[str, int]]) -> None:
    """Note what an engine outside of the database has to learn, in the same transaction."""
    if settings.SEARCH_ENGINE != "database":
        RemoteTask.objects.bulk_create(RemoteTask(key=key, version=version) for key, version in versions)
