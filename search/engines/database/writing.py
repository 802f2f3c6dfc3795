"""Writing the index: single changes, and a whole generation beside the one that is read."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import ExpressionWrapper, F, IntegerField, QuerySet

from search.analysis import ANALYZER_VERSION
from search.engines.base import RebuildSuperseded
from search.engines.database import postings
from search.engines.database.words import Analysed, Words, analyse, terms_of
from search.models import IndexBlock, IndexState, SearchDocument, VocabularyWord, postings_of
from search.projection import Change

_LOCK = 0x5EA2C4
_CHUNK = 400
#: Rows written by one statement, of four values each: SQLite may be built to take no more than 999.
_ROWS = 240
#: Impacts by place, for each word of a block.
BlockWords = dict[tuple[int, str], dict[int, int]]


def lock_index(*, wait: bool = True) -> bool:
    """Let no one else write the index before this transaction ends: its rows are read, changed, written.

    Returns whether it is locked: always where ``wait``. On SQLite every transaction that writes
    has the database for itself anyway.
    """
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def apply(changes: Sequence[Change]) -> None:
    """Bring ``changes`` into the generation that is read, and into the blocks that a rebuild has written.

    Call it in a transaction that holds ``lock_index``.
    """
    state = IndexState.load()
    by_block: dict[int, BlockWords] = defaultdict(lambda: defaultdict(dict))
    words: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for change in changes:
        before, after = (analyse(row) if row else Analysed({}, {}) for row in (change.before, change.after))
        block, place = postings.block_of((change.after or change.before).pk)  # type: ignore[union-attr]
        for key in before.words.keys() | after.words.keys():
            impact = after.words.get(key, 0)
            if before.words.get(key, 0) != impact:
                by_block[block][key][place] = impact
        words.subtract(before.vocabulary.keys())
        words.update(after.vocabulary.keys())
        shown |= after.vocabulary
    for block, changed_words in by_block.items():
        _patch(state.live_generation, block, changed_words)
        building = state.building_generation
        if building is not None and IndexBlock.objects.filter(generation=building, number=block).exists():
            _patch(building, block, changed_words)
    _count_words({word: count for word, count in words.items() if count}, shown)


def _patch(generation: int, block: int, words: Mapping[tuple[int, str], Mapping[int, int]]) -> None:
    table = connection.ops.quote_name(postings_of(generation)._meta.db_table)
    known: dict[tuple[int, str], bytes] = {}
    with connection.cursor() as cursor:
        for field, chunk, marks in _chunks(words):
            cursor.execute(
                f"SELECT term, data FROM {table} WHERE field = %s AND block = %s AND term IN ({marks})",  # noqa: S608
                [field, block, *chunk],
            )
            known |= {(field, term): bytes(data) for term, data in cursor.fetchall()}
        rows = {key: postings.patched(known.get(key, b""), changes) for key, changes in words.items()}
        said = ((*key, block, data) for key, data in rows.items() if data)
        changed = "(field, term, block) DO UPDATE SET data = excluded.data"
        _upsert(cursor, f"{table} (field, term, block, data)", said, changed)
        for field, chunk, marks in _chunks(key for key, data in rows.items() if not data and key in known):
            cursor.execute(
                f"DELETE FROM {table} WHERE field = %s AND block = %s AND term IN ({marks})",  # noqa: S608
                [field, block, *chunk],
            )
    stamp = uuid4().hex
    if not IndexBlock.objects.filter(generation=generation, number=block).update(stamp=stamp):
        IndexBlock.objects.create(generation=generation, number=block, stamp=stamp)


def _chunks(keys: Iterable[tuple[int, str]]) -> Iterator[tuple[int, list[str], str]]:
    """Yield the terms of ``keys`` by field, not too many at once, with their marks in a statement."""
    for field, terms in terms_of(keys).items():
        for start in range(0, len(terms), _CHUNK):
            chunk = terms[start : start + _CHUNK]
            yield field, chunk, ", ".join(["%s"] * len(chunk))


def _upsert(cursor: CursorWrapper, columns: str, rows: Iterable[tuple[Any, ...]], changed: str) -> None:
    """Write ``rows`` of four ``columns`` each, many by statement: ``executemany`` of psycopg makes one of each."""
    waiting = iter(rows)
    while chunk := list(islice(waiting, _ROWS)):
        places = ", ".join(["(%s, %s, %s, %s)"] * len(chunk))
        cursor.execute(
            f"INSERT INTO {columns} VALUES {places} ON CONFLICT {changed}",  # noqa: S608
            [value for row in chunk for value in row],
        )


def _count_words(counts: Mapping[str, int], shown: Mapping[str, str]) -> None:
    """Add ``counts`` to the vocabulary; a word that no public text says any more leaves it."""
    if not counts:
        return
    table = connection.ops.quote_name(VocabularyWord._meta.db_table)
    rows = ((word, word[:2], shown.get(word, word)[:80], count) for word, count in sorted(counts.items()))
    changed = f"(word) DO UPDATE SET documents = {table}.documents + excluded.documents"
    with connection.cursor() as cursor:
        _upsert(cursor, f"{table} (word, beginning, shown, documents)", rows, changed)
    fewer = [word for word, count in counts.items() if count < 0]
    if fewer:
        gone = VocabularyWord.objects.filter(word__in=fewer, documents__lte=0)
        gone._raw_delete(gone.db)


# A whole generation


def begin() -> int:
    """Open a new generation in the table that is not read and return its number."""
    with transaction.atomic():
        lock_index()
        state = IndexState.load()
        # A rebuild that is overtaken learns it from the number; the parity names the table.
        generation = (state.building_generation or state.live_generation - 1) + 2
        IndexBlock.objects.exclude(generation=state.live_generation).delete()
        _empty(postings_of(generation)._meta.db_table)
        state.building_generation = generation
        state.save()
    return generation


def fill(generation: int, report: Callable[[int, int], None]) -> None:
    """Write the projection into ``generation``, block by block, then read it instead of the old one.

    A block is read and analysed outside of any transaction and written in a short one, where those
    of its documents that have changed meanwhile are analysed again; changes that come later reach
    what is written through ``apply``. Raises RebuildSuperseded when another rebuild has begun.
    """
    filling = _Filling(generation)
    total, done = SearchDocument.objects.count(), 0
    while not _promote_if_complete(filling):
        for block in _missing_blocks(generation):
            done += filling.write_block(block)
            report(min(done, total), total)


class _Filling:
    """A generation that is being written."""

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.table = connection.ops.quote_name(postings_of(generation)._meta.db_table)
        self.counts: Counter[str] = Counter()
        self.shown: dict[str, str] = {}

    def write_block(self, block: int) -> int:
        """Write one block and return the number of its documents."""
        analysed = {row.pk: self._analyse(row) for row in _in_block(block).iterator()}
        with transaction.atomic():
            lock_index()
            _check_current(self.generation)
            current = dict(_in_block(block).values_list("pk", "digest"))
            stale = [pk for pk, digest in current.items() if pk not in analysed or analysed[pk][0] != digest]
            analysed |= {row.pk: self._analyse(row) for row in SearchDocument.objects.filter(pk__in=stale)}
            by_word: BlockWords = defaultdict(dict)
            for pk in current:
                place = postings.block_of(pk)[1]
                for key, impact in analysed[pk][1].items():
                    by_word[key][place] = impact
            _insert_new(self.table, [(*key, block, postings.encode(by_word[key])) for key in sorted(by_word)])
            IndexBlock.objects.create(generation=self.generation, number=block, stamp=uuid4().hex)
        return len(current)

    def _analyse(self, row: SearchDocument) -> tuple[str, Words]:
        analysed = analyse(row)
        self.counts.update(analysed.vocabulary.keys())
        self.shown.update(analysed.vocabulary)
        return row.digest, analysed.words

    def write_vocabulary(self) -> None:
        """Replace the vocabulary by the words that have been counted."""
        VocabularyWord.objects.all()._raw_delete(VocabularyWord.objects.db)
        _count_words(self.counts, self.shown)


def _promote_if_complete(filling: _Filling) -> bool:
    """Read the new generation from now on, unless a block is still missing from it."""
    with transaction.atomic():
        lock_index()
        state = _check_current(filling.generation)
        if _missing_blocks(filling.generation):
            return False
        filling.write_vocabulary()
        state.live_generation, state.building_generation = filling.generation, None
        state.analyzer_version = ANALYZER_VERSION
        state.save()
    return True


def abandon(generation: int) -> None:
    """Give up ``generation``; the one that is read is not touched."""
    IndexState.objects.filter(building_generation=generation).update(building_generation=None)


def _check_current(generation: int) -> IndexState:
    state = IndexState.load()
    if state.building_generation != generation:
        raise RebuildSuperseded
    return state


def _missing_blocks(generation: int) -> list[int]:
    """Return the blocks that have documents and are not written."""
    written = set(IndexBlock.objects.filter(generation=generation).values_list("number", flat=True))
    block = ExpressionWrapper(F("pk") / postings.BLOCK, output_field=IntegerField())
    blocks = SearchDocument.objects.order_by().values_list(block, flat=True).distinct()
    return sorted(set(blocks) - written)


def _in_block(block: int) -> QuerySet[SearchDocument]:
    return SearchDocument.objects.filter(pk__gte=block * postings.BLOCK, pk__lt=(block + 1) * postings.BLOCK)


def _empty(table: str) -> None:
    verb = "TRUNCATE" if connection.vendor == "postgresql" else "DELETE FROM"
    with connection.cursor() as cursor:
        cursor.execute(f"{verb} {connection.ops.quote_name(table)}")


def _insert_new(table: str, rows: Sequence[tuple[int, str, int, bytes]]) -> None:
    """Write rows into an empty place: by COPY on PostgreSQL, which takes a tenth of the time."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} (field, term, block, data) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(
                f"INSERT INTO {table} (field, term, block, data) VALUES (%s, %s, %s, %s)",  # noqa: S608
                rows,
            )
