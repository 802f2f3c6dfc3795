"""Sets of rows: what is read of them is what a plain set and a plain list would give."""

from hypothesis import given
from hypothesis import strategies as st

from portal.core.bitsets import COUNTED, RowsInOrder, grouped, members_of, set_from

SIZE = 3 * COUNTED
POSITIONS = st.sets(st.integers(0, SIZE - 1), max_size=SIZE)
BOUNDS = st.integers(0, SIZE + 5)


@given(POSITIONS, BOUNDS)
def test_the_members_of_a_set_come_in_order_from_any_of_them_on(positions: set[int], skip: int) -> None:
    rows = set_from(positions, SIZE)
    assert list(members_of(rows, skip)) == sorted(positions)[skip:]
    assert rows.bit_count() == len(positions)


@given(POSITIONS, st.permutations(range(40)), BOUNDS, BOUNDS)
def test_a_list_in_any_order_reads_as_a_plain_one(positions: set[int], order: list[int], first: int, last: int) -> None:
    rows = set_from(positions, SIZE)
    natural = RowsInOrder(rows, str)
    plain = [str(position) for position in sorted(positions)]
    assert (list(natural), natural[first:last], len(natural)) == (plain, plain[first:last], len(plain))
    by_order = RowsInOrder(rows & (1 << 40) - 1, str, order)
    plain = [str(position) for position in order if position in positions]
    assert (list(by_order), by_order[first:last], len(by_order)) == (plain, plain[first:last], len(plain))
    assert not plain or by_order[len(plain) - 1] == plain[-1]


def test_rows_are_grouped_by_word_and_unknown_ones_are_left_out() -> None:
    pairs = [("housing", 7), ("health", 9), ("housing", 9), ("health", 8)]
    assert grouped({7: 0, 9: 1}, pairs) == {"housing": 0b11, "health": 0b10}
    assert grouped({}, [("housing", 7)]) == {}
