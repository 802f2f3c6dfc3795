"""Reading the index: lanes of words, and what is known of every document without its words."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

from django.db import connection

from search.engines.base import FACETS
from search.engines.database import postings
from search.models import IndexBlock, IndexState, PostingField, postings_of

#: Of each process, for the lanes of the words that were asked for last: 160 at 100,000 documents.
LANES_BYTES = 16_000_000


@dataclass
class Columns:
    """Facets, audiences and dates of all documents, for one state of the index.

    A facet's value and an audience are integers of one bit a document: with a set of documents,
    "and" and a count of bits tell how many of them have it.
    """

    generation: int
    blocks: tuple[int, ...]
    stamps: tuple[str, ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    audiences: Mapping[str, int] = field(default_factory=dict)
    high: bytes = b""
    low: bytes = b""
    _masks: dict[frozenset[str], bytes] = field(default_factory=dict)
    _lanes: OrderedDict[tuple[int, str], bytes] = field(default_factory=OrderedDict)

    @property
    def size(self) -> int:
        """Length of a lane."""
        return len(self.blocks) * postings.BLOCK

    @cached_property
    def table(self) -> str:
        """Name of the table that is read, quoted."""
        return connection.ops.quote_name(postings_of(self.generation)._meta.db_table)

    def readable(self, tokens: frozenset[str]) -> bytes:
        """Return the lane of ones of what a reader with ``tokens`` may see."""
        held = frozenset(self.audiences.keys() & tokens)
        if held not in self._masks:
            bits = 0
            for token in held:
                bits |= self.audiences[token]
            self._masks[held] = postings.mask_of(bits, self.size)
        return self._masks[held]

    def known_lanes(self, wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], bytes]:
        """Return those of ``wanted`` lanes that are kept since this state of the index; b"" is a word unsaid."""
        with _lock:
            known = {term: self._lanes[term] for term in wanted if term in self._lanes}
            for term in known:
                self._lanes.move_to_end(term)
        return known

    def keep_lanes(self, lanes: Mapping[tuple[int, str], bytes]) -> None:
        """Keep ``lanes``, which were read after this state, for the next questions; the oldest ones give way."""
        with _lock:
            self._lanes.update(lanes)
            while len(self._lanes) > LANES_BYTES // self.size:
                self._lanes.popitem(last=False)

    def day(self, position: int) -> int:
        """Return the date of the document at ``position`` in days, 0 where it has none."""
        return self.high[position] * 256 + self.low[position]

    def number(self, position: int) -> int:
        """Return the primary key of the document at ``position``."""
        index, place = divmod(position, postings.BLOCK)
        return self.blocks[index] * postings.BLOCK + place

    def position(self, number: int) -> int | None:
        """Return the position of the document ``number``, or None where its block is not read."""
        block, place = postings.block_of(number)
        return self.blocks.index(block) * postings.BLOCK + place if block in self.blocks else None


@dataclass(frozen=True, slots=True)
class _Block:
    """The part of the columns that one block holds: bits by (field, term), and dates."""

    stamp: str
    bits: Mapping[tuple[int, str], bytes]
    high: bytes
    low: bytes


_kept: Columns | None = None
_blocks: dict[tuple[int, int], _Block] = {}
_lock = Lock()


def read_columns() -> Columns:
    """Return the columns of the index as it is now; one query where nothing has changed since the last time.

    Kept once per process, since every search needs them. Blocks carry the stamp of their last
    change, and only those that changed are read again.
    """
    global _kept  # noqa: PLW0603 -- one per process, on purpose
    live = IndexState.objects.filter(pk=1).values("live_generation")
    found = IndexBlock.objects.filter(generation__in=live).order_by("number")
    rows = list(found.values_list("generation", "number", "stamp"))
    generation = rows[0][0] if rows else 1
    stamps = tuple(row[2] for row in rows)
    with _lock:
        if _kept is None or (_kept.generation, _kept.stamps) != (generation, stamps):
            _kept = _load(generation, {number: stamp for _generation, number, stamp in rows})
        return _kept


def _load(generation: int, stamps: Mapping[int, str]) -> Columns:
    columns = Columns(generation, tuple(stamps), tuple(stamps.values()))
    for gone in [key for key in _blocks if key[0] != generation or key[1] not in stamps]:
        del _blocks[gone]
    _read_blocks(columns, [number for number, stamp in stamps.items() if _is_stale(generation, number, stamp)])
    blocks = [_blocks[generation, number] for number in columns.blocks]
    nothing = bytes(postings.BLOCK // 8)
    facets: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    audiences: dict[str, int] = {}
    for kind, term in {key for block in blocks for key in block.bits}:
        bits = int.from_bytes(b"".join(block.bits.get((kind, term), nothing) for block in blocks), "little")
        facet, _equals, value = term.partition("=")
        if kind == PostingField.AUDIENCE:
            audiences[term] = bits
        elif facet in facets:
            facets[facet][value] = bits
    columns.facets, columns.audiences = facets, audiences
    columns.high = b"".join(block.high for block in blocks)
    columns.low = b"".join(block.low for block in blocks)
    return columns


def _is_stale(generation: int, number: int, stamp: str) -> bool:
    known = _blocks.get((generation, number))
    return known is None or known.stamp != stamp


def _read_blocks(columns: Columns, numbers: Sequence[int]) -> None:
    """Read ``numbers`` into the blocks that are kept."""
    if not numbers:
        return
    by_block: dict[int, dict[tuple[int, str], bytes]] = {number: {} for number in numbers}
    marks = ", ".join(["%s"] * len(numbers))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT field, term, block, data FROM {columns.table}"  # noqa: S608
            f" WHERE field IN (%s, %s, %s) AND block IN ({marks})",
            [PostingField.FACET, PostingField.AUDIENCE, PostingField.DATE, *numbers],
        )
        for kind, term, number, data in cursor.fetchall():
            by_block[number][kind, term] = postings.lane_of([(number, data)], [number])
    nothing = bytes(postings.BLOCK)
    for number, lanes in by_block.items():
        high = lanes.pop((PostingField.DATE, "high"), nothing)
        low = lanes.pop((PostingField.DATE, "low"), nothing)
        bits = {key: postings.bits_of(lane).to_bytes(postings.BLOCK // 8, "little") for key, lane in lanes.items()}
        stamp = columns.stamps[columns.blocks.index(number)]
        _blocks[columns.generation, number] = _Block(stamp, bits, high, low)


def read_lanes(columns: Columns, wanted: Mapping[int, Iterable[str]]) -> dict[tuple[int, str], bytes]:
    """Return the lanes of ``wanted`` (terms by field) that any document has; one query for those not kept."""
    if not columns.blocks:
        return {}
    asked = dict.fromkeys((kind, term) for kind, terms in wanted.items() for term in terms)
    lanes = columns.known_lanes(asked)
    missing = [one for one in asked if one not in lanes]
    if missing:
        read = _read_lanes(columns, missing)
        columns.keep_lanes(read)
        lanes |= read
    return {one: lane for one, lane in lanes.items() if lane}


def _read_lanes(columns: Columns, wanted: Sequence[tuple[int, str]]) -> dict[tuple[int, str], bytes]:
    """Read ``wanted``, those that no document has being empty."""
    by_field: dict[int, list[str]] = defaultdict(list)
    for kind, term in wanted:
        by_field[kind].append(term)
    conditions: list[str] = []
    values: list[str | int] = []
    for kind, terms in by_field.items():
        conditions.append(f"(field = %s AND term IN ({', '.join(['%s'] * len(terms))}))")
        values += [kind, *sorted(terms)]
    rows: dict[tuple[int, str], list[tuple[int, bytes]]] = {one: [] for one in wanted}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT field, term, block, data FROM {columns.table} WHERE {' OR '.join(conditions)}",  # noqa: S608
            values,
        )
        for kind, term, block, data in cursor.fetchall():
            rows[kind, term].append((block, data))
    return {one: postings.lane_of(found, columns.blocks) if found else b"" for one, found in rows.items()}
