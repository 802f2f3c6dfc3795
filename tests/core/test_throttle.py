"""Turns that run out, whichever process is asked."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.core.cache import DatabaseCache
from portal.core.throttle import claim_turn, client_network, give_turn_back, take_turn

pytestmark = pytest.mark.django_db

WHO = "127.0.0.1 Conseillere@mission.example"


@pytest.fixture(autouse=True)
def _fresh(db: None):
    cache.clear()
    yield
    cache.clear()


def take(who: str = WHO, scope: str = "essai") -> bool:
    return take_turn(scope, who, limit=2, seconds=60)


def test_turns_run_out_for_one_person_and_come_back_with_time() -> None:
    assert [take(), take(), take()] == [True, True, False]
    assert not take(WHO.lower()), "the case of an address makes no other person"
    assert take("127.0.0.2 conseillere@mission.example")
    assert take(scope="autre")
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert take()


def test_a_turn_is_given_back() -> None:
    claimed = [claim_turn("essai", WHO, limit=2, seconds=60) for _turn in range(2)]
    assert None not in claimed
    assert not take()
    give_turn_back(str(claimed[0]))
    assert [take(), take()] == [True, False]


def test_turns_are_kept_where_every_process_reads_them_and_name_nobody() -> None:
    assert settings.CACHES["default"]["BACKEND"] == "portal.core.cache.DatabaseCache"
    take()
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM portal_cache")
        keys = [key for (key,) in cursor.fetchall() if "throttle" in key]
    assert len(keys) == 1
    assert "mission.example" not in keys[0].lower()


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_nobody_takes_the_same_turn() -> None:
    start, taken = threading.Barrier(6), []

    def try_one() -> None:
        try:
            start.wait(timeout=20)
            taken.append(take_turn("course", WHO, limit=3, seconds=60))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=try_one) for _one in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(taken) == [False] * 3 + [True] * 3


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_a_machine_of_ipv6_is_its_network(rf: RequestFactory, address: str, counted: str) -> None:
    assert client_network(rf.get("/", REMOTE_ADDR=address)) == counted


def test_a_cache_that_fails_leaves_its_caller_s_transaction_whole() -> None:
    broken = DatabaseCache("no_such_table", {})
    with transaction.atomic():
        assert broken.add("key", "value") is False
        assert cache.add("key", "value"), "PostgreSQL refuses what follows a failure without a savepoint"


def test_several_short_values_are_one_statement_and_a_page_goes_the_stock_way() -> None:
    cache.set("b", "old", timeout=60)
    with CaptureQueriesContext(connection) as queries:
        assert cache.set_many({"b": "new", "a": 1}, timeout=60) == []
    assert len([query for query in queries if "portal_cache" in query["sql"]]) == 1
    assert cache.get_many(["a", "b"]) == {"a": 1, "b": "new"}
    page = "x" * 5_000
    assert cache.set_many({"a": 2, "page": page}, timeout=60) == []
    assert cache.get_many(["a", "page"]) == {"a": 2, "page": page}
    assert cache.set_many({}) == []
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert cache.get("b") is None
    assert DatabaseCache("no_such_table", {}).set_many({"a": 1}) == ["a"]
