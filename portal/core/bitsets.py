"""Sets of rows held in memory: a set is an integer, one bit a row.

Whatever is chosen in a list, a count is one ``&`` and one ``bit_count``. A row's place in the set is
its position, which the index that holds the rows gives it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Generic, TypeVar, overload

BitSet = int
Row = TypeVar("Row")

#: Places of a set that are counted at once on the way to a far page.
COUNTED = 512


def set_from(positions: Iterable[int], size: int) -> BitSet:
    """Return the set of these positions, all of which are below ``size``.

    Written byte by byte: adding to an integer would copy it for each row.
    """
    bits = bytearray(size // 8 + 1)
    for position in positions:
        bits[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(bits, "little")


def grouped(positions: Mapping[int, int], pairs: Iterable[tuple[Any, int]]) -> dict[Any, BitSet]:
    """Return the set of rows under each word of ``pairs`` (word, row's key); rows without a position are left out."""
    groups: dict[Any, list[int]] = defaultdict(list)
    for word, key in pairs:
        if key in positions:
            groups[word].append(positions[key])
    return {word: set_from(found, len(positions)) for word, found in groups.items()}


def members_of(rows: BitSet, skip: int = 0) -> Iterator[int]:
    """Yield the positions in a set, in order, without the first ``skip``: these are counted some hundreds at a time."""
    marks, at = _marks(rows), 0
    while skip and (count := marks.count("1", at, at + COUNTED)) <= skip and at < len(marks):
        skip, at = skip - count, at + COUNTED
    at = marks.find("1", at)
    while at >= 0:
        if skip:
            skip -= 1
        else:
            yield at
        at = marks.find("1", at + 1)


class RowsInOrder(Sequence[Row], Generic[Row]):
    """The rows of a set, found as they are asked for: a page of a list needs the first ones.

    ``order`` names positions, in the set or not; without one the rows stand in the order of theirs.
    ``show`` makes of a position what the list holds.
    """

    def __init__(self, rows: BitSet, show: Callable[[int], Row], order: Iterable[int] | None = None) -> None:
        self._rows, self._show, self._order = rows, show, order

    def __len__(self) -> int:
        return self._rows.bit_count()

    def __iter__(self) -> Iterator[Row]:
        return map(self._show, self._positions())

    @overload
    def __getitem__(self, wanted: int) -> Row: ...

    @overload
    def __getitem__(self, wanted: slice) -> list[Row]: ...

    def __getitem__(self, wanted: int | slice) -> Row | list[Row]:
        """Return one, or those of a slice without step; bounds are not negative."""
        if isinstance(wanted, int):
            return self[wanted : wanted + 1][0]
        first = wanted.start or 0
        last = None if wanted.stop is None else max(0, wanted.stop - first)
        return [self._show(position) for position in islice(self._positions(first), last)]

    def _positions(self, skip: int = 0) -> Iterator[int]:
        if self._order is None:
            return members_of(self._rows, skip)
        marks = _marks(self._rows)
        held = (position for position in self._order if position < len(marks) and marks[position] == "1")
        return islice(held, skip, None)


def _marks(rows: BitSet) -> str:
    # One sign a row, the first one first: reading a sign costs a tenth of a bit of a long integer.
    return bin(rows)[:1:-1]
