"""Areas and what is remembered by their tokens: made once, anew after a change, never stale."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from portal.core import areas, remember
from portal.core.remember import remembered

pytestmark = pytest.mark.django_db(transaction=True)


class Counter:
    """A result that differs at each making."""

    def __init__(self, *names: str) -> None:
        self.made = 0
        self.read = remembered(*names)(self._make)

    def _make(self, *args: object, **kwargs: object) -> tuple[int, tuple[object, ...]]:
        self.made += 1
        return self.made, args


class Clock:
    """A monotonic clock that a test sets."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clean_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def test_a_result_is_made_once_for_each_arguments() -> None:
    counter = Counter("sheets")
    assert counter.read("a") == counter.read("a") == (1, ("a",))
    assert counter.read("b") == (2, ("b",))
    assert counter.read("a", x=1) != counter.read("a", x=2)


def test_a_change_makes_it_anew_and_another_area_does_not() -> None:
    counter = Counter("sheets", "taxonomy")
    counter.read()
    areas.invalidate(["directory"])
    counter.read()
    assert counter.made == 1
    areas.invalidate(["taxonomy"])
    counter.read()
    assert counter.made == 2


def test_what_was_made_during_a_write_is_not_read_after_it() -> None:
    made: list[str] = []

    @remembered("sheets")
    def overtaken() -> str:
        made.append("x")
        if len(made) == 1:
            areas.invalidate(["sheets"])
        return f"result {len(made)}"

    assert overtaken() == "result 1"
    assert overtaken() == "result 2"
    assert overtaken() == "result 2"


def test_nothing_is_kept_inside_a_transaction() -> None:
    counter = Counter("sheets")
    with transaction.atomic():
        counter.read()
        counter.read()
    counter.read()
    assert counter.made == 3


def test_a_write_that_is_rolled_back_changes_nothing() -> None:
    counter = Counter("sheets")
    counter.read()
    with transaction.atomic():
        areas.invalidate(["sheets"])
        transaction.set_rollback(True)
    counter.read()
    assert counter.made == 1


def test_a_request_that_has_written_reads_its_own_write() -> None:
    counter = Counter("sheets")
    with areas.tokens_of_request(areas.read_tokens()):
        counter.read()
        areas.invalidate(["sheets"])
        counter.read()
    assert counter.made == 2


def test_a_request_asks_the_cache_once() -> None:
    counter = Counter("sheets")
    with areas.tokens_of_request(areas.read_tokens()), CaptureQueriesContext(connection) as queries:
        counter.read()
        counter.read("b")
    assert len(queries) == 0


def test_when_nothing_changed_the_tokens_cost_one_read() -> None:
    areas.read_tokens()
    with CaptureQueriesContext(connection) as queries:
        areas.read_tokens()
    assert len(queries) == 1


def test_the_clock_makes_it_anew_too(settings: Settings) -> None:
    settings.PAGE_CACHE_SECONDS = -1
    counter = Counter("sheets")
    counter.read()
    counter.read()
    assert counter.made == 2


def test_what_is_made_of_something_kept_ends_with_it(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PAGE_CACHE_SECONDS = 600
    clock = Clock()
    monkeypatch.setattr(remember, "time", clock)
    inner, outermost = Counter("sheets"), Counter("sheets")
    outer = remembered("sheets")(inner.read)
    inner.read()
    clock.now = 400
    with remember.making() as deadline:
        assert outer() == (1, ())
        outermost.read()
    assert deadline.seconds_left == 200
    clock.now = 599
    assert outer() == (1, ())
    clock.now = 601
    assert outer() == (2, ())
    # What was made of nothing else lives on.
    outermost.read()
    assert outermost.made == 1


def test_a_lost_cache_makes_everything_anew() -> None:
    counter = Counter("sheets")
    counter.read()
    cache.clear()
    counter.read()
    assert counter.made == 2


def test_a_cache_that_is_down_only_costs_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise DatabaseError

    counter = Counter("sheets")
    monkeypatch.setattr(areas.cache, "get", broken)
    counter.read()
    counter.read()
    assert counter.made == 2


def test_the_memory_of_a_function_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remember, "MAX_RESULTS", 2)
    counter = Counter("sheets")
    for name in ("a", "b", "a", "c", "a"):
        counter.read(name)
    assert counter.made == 3
    counter.read("b")
    assert counter.made == 4


def test_what_one_transaction_changes_is_renewed_at_once() -> None:
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        areas.invalidate(["sheets"])
        with transaction.atomic():
            areas.invalidate(["taxonomy"])
            transaction.set_rollback(True)
        areas.invalidate(["sheets", "directory"])
    written = [query["sql"] for query in queries if "portal_cache" in query["sql"]]
    # One statement for all tokens, that of the savepoint that was undone too: renewed for nothing, never too late.
    assert len(written) == 1
    assert all(name in written[0] for name in ("sheets", "directory", "taxonomy", "generation"))


def test_a_renewal_that_a_savepoint_undid_is_asked_for_again() -> None:
    counter = Counter("sheets")
    counter.read()
    with transaction.atomic():
        with transaction.atomic():
            areas.invalidate(["sheets"])
            transaction.set_rollback(True)
        areas.invalidate(["sheets"])
    counter.read()
    assert counter.made == 2
