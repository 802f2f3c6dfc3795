"""Keeping the projection and the index in step with what they describe.

A change writes an ``IndexTask`` in its own transaction, so that both happen or neither. Once it is
committed a few tasks are drained at once and the rest by the worker: each document is described
anew from its current state, which makes a repeated or late task harmless.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.db import transaction
from django.db.models import F, Max, Model

from portal.core import areas
from portal.core.commits import OnceAfterCommit
from search import projection
from search.analysis import ANALYZER_VERSION
from search.engines import database_engine, get_engine
from search.engines.database.writing import lock_index
from search.enums import PUBLIC
from search.models import IndexState, IndexTask, NewDocument, SavedSearch, SearchDocument
from search.sources import Document, DocumentSource, found_area, sources, sources_of

logger = logging.getLogger(__name__)

BATCH_SIZE = 50
#: Documents indexed before the answer of the request that changed them; the worker takes the rest.
INLINE_LIMIT = 10

Report = Callable[[str, int, int], None]


def touch(*objects: Model) -> None:
    """Have ``objects`` indexed again once the current transaction is committed.

    For what no signal tells: ``QuerySet.update()``, bulk work. Objects that no source describes
    are passed over.
    """
    request_indexing(source.key_of(obj.pk) for obj in objects for source in sources_of(type(obj)))


def request_indexing(keys: Iterable[str], *, at_once: bool = True) -> None:
    """Write the tasks of ``keys`` in the current transaction and have them drained after it, or by the worker."""
    tasks = [IndexTask(key=key) for key in dict.fromkeys(keys)]
    if tasks:
        IndexTask.objects.bulk_create(tasks)
        if at_once:
            _inline_drains.ask()


def drain_inline(_values: object = None) -> None:
    """Index the few documents that a transaction has changed; many of them are left to the worker."""
    keys = _waiting_keys(set())[:INLINE_LIMIT]
    if keys:
        _attempt(keys, wait=False)


_inline_drains = OnceAfterCommit(drain_inline, robust=True)


def drain(*, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Index what waits and return how many documents were looked at.

    A document whose description fails is logged and left for a later drain, five times at most;
    it holds nothing else up.
    """
    done = 0
    failed: set[str] = set()
    while not is_stopping() and (keys := _waiting_keys(failed)):
        if _attempt(keys):
            done += len(keys)
            continue
        # One of them spoils the batch: take them one by one.
        for key in keys:
            if _attempt([key], last=True):
                done += 1
            else:
                failed.add(key)
    return done


def _attempt(keys: Sequence[str], *, last: bool = False, wait: bool = True) -> bool:
    """Index ``keys``; whether it went well. A ``last`` attempt that fails is logged and counted."""
    try:
        _index(keys, wait=wait)
    except Exception:
        if last:
            logger.warning("documents that could not be indexed: %s", ", ".join(keys), exc_info=True)
            IndexTask.objects.filter(key__in=keys).update(attempts=F("attempts") + 1)
        return False
    return True


def _waiting_keys(failed: set[str]) -> list[str]:
    tasks = IndexTask.objects.filter(attempts__lt=IndexTask.MAX_ATTEMPTS).exclude(key__in=failed)
    return list(dict.fromkeys(tasks.values_list("key", flat=True)[:BATCH_SIZE]))


@transaction.atomic
def _index(keys: Sequence[str], *, wait: bool) -> None:
    """Bring projection and index to the current state of ``keys`` and drop the tasks that asked for it.

    Under the lock of the index: without it a slow writer could put back the state that it read
    before a faster one's. Without ``wait`` nothing is done while another writes.
    """
    if not lock_index(wait=wait):
        return
    rows = list(IndexTask.objects.filter(key__in=keys).order_by("pk").values_list("pk", "key"))
    versions = {key: pk for pk, key in rows}
    documents = _describe(keys)
    changes = projection.write(documents, versions)
    changes += projection.erase(set(keys) - {document.key for document in documents}, versions)
    database_engine().apply(changes)
    _note_new(changes)
    _renew_pages(changes)
    tasks = IndexTask.objects.filter(pk__in=[pk for pk, _key in rows])
    tasks._raw_delete(tasks.db)  # No signal for each: nothing depends on a task.


def _note_new(changes: Sequence[projection.Change]) -> None:
    """Have saved searches tried on what is new, or is now for more people."""
    found = [
        change.after.key
        for change in changes
        if change.after
        and (change.before is None or set(change.after.audience.split()) - set(change.before.audience.split()))
    ]
    if found and SavedSearch.objects.filter(alerts=True).exists():
        NewDocument.objects.bulk_create([NewDocument(key=key) for key in found], ignore_conflicts=True)


def _renew_pages(changes: Sequence[projection.Change]) -> None:
    """Have what is kept of what is found made anew: for visitors where they find, or found, what has changed."""
    rows = [row for change in changes for row in (change.before, change.after) if row is not None]
    by_visitors = {found_area(row.kind) for row in rows if PUBLIC in row.audience.split()}
    areas.invalidate(by_visitors | {found_area(row.kind, by_members=True) for row in rows})


def _describe(keys: Iterable[str]) -> list[Document]:
    """Return the documents of ``keys`` as they are now; what is not to be found is left out."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        kind, _colon, pk = key.partition(":")
        by_kind[kind].append(pk)
    documents = []
    for kind, pks in by_kind.items():
        if kind in sources:
            source = sources.get(kind)
            described = (source.to_document(obj) for obj in source.queryset().filter(pk__in=pks))
            documents += [document for document in described if document is not None]
    return documents


def _all_keys() -> Iterator[tuple[DocumentSource, list[str]]]:
    for source in sources:
        pks = source.queryset().prefetch_related(None).order_by("pk").values_list("pk", flat=True)
        yield source, [source.key_of(pk) for pk in pks]


def rebuild(report: Report) -> int:
    """Describe everything anew, then build the index beside the one in use and change over at once.

    Search answers from the old generation until the last moment, and changes made meanwhile reach
    both. ``report`` is called with (kind, done, total) after each batch; the kind "" stands for the
    index. Returns the number of documents; raises RebuildSuperseded when another rebuild has begun.
    """
    engines = list({id(engine): engine for engine in (database_engine(), get_engine())}.values())
    opened = [(engine, engine.begin_rebuild()) for engine in engines]
    try:
        _describe_everything(report)
        for engine, generation in opened:
            engine.fill(generation, lambda done, total: report("", done, total))
    except BaseException:
        for engine, generation in opened:
            engine.abandon(generation)
        raise
    areas.invalidate({found_area(source.kind, by_members=one) for source in sources for one in (False, True)})
    return SearchDocument.objects.count()


def rebuild_if_outdated() -> None:
    """Rebuild where the index was made by other rules of analysis than today's, or is not there."""
    if IndexState.load().analyzer_version != ANALYZER_VERSION:
        written = rebuild(lambda kind, done, total: None)
        logger.info("search: the index was rebuilt by new rules, %d documents", written)


def _describe_everything(report: Report) -> None:
    """Bring the projection to the current state of every object, and drop what is gone.

    The index in use is left alone: the one that is built from the projection replaces it.
    """
    seen: set[str] = set()
    for source, keys in _all_keys():
        report(source.kind, 0, len(keys))
        for number, batch in enumerate(_batched(keys), start=1):
            seen |= _describe_batch(batch)
            report(source.kind, min(number * BATCH_SIZE, len(keys)), len(keys))
    known = SearchDocument.objects.order_by("pk").values_list("key", flat=True)
    for batch in _batched([key for key in known if key not in seen]):
        # Described once more: one of them may have been made since its kind was gone through.
        _index(batch, wait=True)


@transaction.atomic
def _describe_batch(keys: Sequence[str]) -> set[str]:
    lock_index()
    documents = _describe(keys)
    newest = IndexTask.objects.aggregate(newest=Max("pk"))["newest"] or 0
    projection.write(documents, dict.fromkeys(keys, newest))
    return {document.key for document in documents}


def _batched(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + BATCH_SIZE] for start in range(0, len(keys), BATCH_SIZE))
