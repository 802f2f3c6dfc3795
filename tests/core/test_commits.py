"""What follows from a transaction is done once after it."""

from collections.abc import Mapping

import pytest
from django.db import transaction

from portal.core.commits import OnceAfterCommit


class Asked:
    """What was handed over, call by call."""

    def __init__(self) -> None:
        self.calls: list[dict[str, str]] = []
        self.once = OnceAfterCommit(self.note)

    def note(self, values: Mapping[str, str]) -> None:
        self.calls.append(dict(values))


@pytest.mark.django_db(transaction=True)
def test_what_a_transaction_asks_for_is_done_once_with_all_that_it_gathered() -> None:
    asked = Asked()
    with transaction.atomic():
        for number in range(50):
            asked.once.ask({str(number % 3): str(number)})
        assert asked.calls == []
    assert asked.calls == [{"0": "48", "1": "49", "2": "47"}]
    with transaction.atomic():
        asked.once.ask()
    assert asked.calls[1:] == [{}]


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_it_is_done_at_once_each_time() -> None:
    asked = Asked()
    asked.once.ask({"a": "1"})
    asked.once.ask({"a": "2"})
    assert asked.calls == [{"a": "1"}, {"a": "2"}]


@pytest.mark.django_db(transaction=True)
def test_a_savepoint_or_a_transaction_that_is_undone_takes_back_only_its_own() -> None:
    asked = Asked()
    with transaction.atomic():
        with transaction.atomic():
            asked.once.ask({"undone": "1"})
            transaction.set_rollback(True)
        asked.once.ask({"kept": "1"})
        with transaction.atomic():
            asked.once.ask({"kept too": "1"})
    assert asked.calls == [{"kept": "1", "kept too": "1"}]
    with transaction.atomic():
        asked.once.ask({"undone": "2"})
        transaction.set_rollback(True)
    with transaction.atomic():
        asked.once.ask({"kept": "2"})
    assert asked.calls[1:] == [{"kept": "2"}]
