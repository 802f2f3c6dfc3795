"""Keeping the index in step with what it describes.

A change writes an ``IndexTask`` in its own transaction, so that both happen or neither. Once it is
committed the tasks are drained: each document is described anew from its current state, which
makes a repeated or late task harmless.
"""

import logging
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.db import connection, transaction
from django.db.models import F, Model

from search.engines import get_engine
from search.models import IndexTask
from search.sources import Document, DocumentSource, sources, sources_of

logger = logging.getLogger(__name__)

BATCH_SIZE = 50


def touch(*objects: Model) -> None:
    """Have ``objects`` indexed again once the current transaction is committed.

    For what no signal tells: ``QuerySet.update()``, bulk work. Objects that no source describes
    are passed over.
    """
    request_indexing(source.key_of(obj.pk) for obj in objects for source in sources_of(type(obj)))


def request_indexing(keys: Iterable[str]) -> None:
    """Write the tasks of ``keys`` in the current transaction and have them drained after it."""
    tasks = [IndexTask(key=key) for key in dict.fromkeys(keys)]
    if tasks:
        IndexTask.objects.bulk_create(tasks)
        transaction.on_commit(drain, robust=True)


def drain() -> int:
    """Index what waits and return how many documents were looked at.

    A document whose description fails is logged and left for a later drain, five times at most;
    it holds nothing else up.
    """
    done = 0
    failed: set[str] = set()
    while keys := _waiting_keys(failed):
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


def _attempt(keys: Sequence[str], *, last: bool = False) -> bool:
    """Index ``keys``; whether it went well. A ``last`` attempt that fails is logged and counted."""
    try:
        _index(keys)
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
def _index(keys: Sequence[str]) -> None:
    """Bring the index to the current state of ``keys`` and drop the tasks that asked for it."""
    _lock(keys)
    tasks = IndexTask.objects.filter(pk__in=list(IndexTask.objects.filter(key__in=keys).values_list("pk", flat=True)))
    documents = _describe(keys)
    engine = get_engine()
    engine.upsert(documents)
    engine.delete(sorted(set(keys) - {document.key for document in documents}))
    tasks._raw_delete(tasks.db)  # No signal for each: nothing depends on a task.


def _lock(keys: Iterable[str]) -> None:
    """Let no one else describe ``keys`` before this transaction ends.

    Without it a slow writer could put back the state it read before a faster one's. SQLite has
    one writer at a time anyway; the order is fixed so that two drains cannot wait for each other.
    """
    if connection.vendor == "postgresql":
        numbers = sorted(zlib.crc32(f"search:{key}".encode()) for key in keys)
        with connection.cursor() as cursor:
            for number in numbers:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


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


def rebuild(report: Callable[[str, int, int], None]) -> int:
    """Describe everything anew beside the index in use, then change over at once.

    Search answers from the old generation until the last moment, and changes made meanwhile reach
    both. ``report`` is called with (kind, done, total) after each batch. Returns the number of
    documents; raises RebuildSuperseded when another rebuild has begun.
    """
    engine = get_engine()
    generation = engine.begin_rebuild()
    written = 0
    try:
        for source, keys in _all_keys():
            report(source.kind, 0, len(keys))
            for number, batch in enumerate(_batched(keys), start=1):
                with transaction.atomic():
                    _lock(batch)
                    documents = _describe(batch)
                    engine.write(generation, documents)
                written += len(documents)
                report(source.kind, min(number * BATCH_SIZE, len(keys)), len(keys))
        engine.promote(generation)
    except BaseException:
        engine.abandon(generation)
        raise
    return written


def _batched(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + BATCH_SIZE] for start in range(0, len(keys), BATCH_SIZE))
