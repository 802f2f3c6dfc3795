"""The query-count rule of every list: as many queries with three rows as with one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(call: Callable[[], object]) -> list[str]:
    """Return the SQL that ``call`` runs once what processes remember (the layout) is warm."""
    call()
    with CaptureQueriesContext(connection) as captured:
        call()
    return [query["sql"] for query in captured]


@contextmanager
def process_memory() -> Iterator[Callable[[], None]]:
    """Let processes remember (``portal.core.remember``), which they do not in the transaction of a test.

    Gives the function that makes them forget: no commit tells them here that something has changed.
    """
    cache.clear()
    with patch("portal.core.remember.connection", SimpleNamespace(in_atomic_block=False)):
        yield cache.clear
    cache.clear()


def assert_constant_queries(
    *, add_row: Callable[[], object], call: Callable[[], object], budget: int, rows: tuple[int, ...] = (1, 3)
) -> None:
    """Check that ``call`` runs the same number of queries at each count of rows, within ``budget``.

    Fails with the queries that the last count added, which name the loop that made them.
    """
    made, counted = 0, []
    for target in rows:
        while made < target:
            add_row()
            made += 1
        counted.append(queries_of(call))
    lengths = [len(queries) for queries in counted]
    extra = [sql for sql in counted[-1] if counted[-1].count(sql) > counted[0].count(sql)]
    assert len(set(lengths)) == 1, f"{lengths} queries with {rows} rows; new ones:\n" + "\n".join(extra[:10])
    assert lengths[-1] <= budget, f"{lengths[-1]} queries, {budget} allowed:\n" + "\n".join(counted[-1])
