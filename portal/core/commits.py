"""What follows from a transaction, done once after it however often it was asked for."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db import transaction

Call = Callable[[Mapping[str, str]], None]


@dataclass(eq=False)
class _Waiting:
    call: Call
    values: dict[str, str] = field(default_factory=dict)
    is_done: bool = False

    def carry_out(self) -> None:
        """Hand over what was gathered, at the first call."""
        if not self.is_done:
            self.is_done = True
            self.call(self.values)


class OnceAfterCommit:
    """Calls ``call`` once after each transaction that has asked for it, with all the values that it gathered.

    With ``robust`` an error of ``call`` keeps nothing else from being done after the transaction.
    """

    def __init__(self, call: Call, *, robust: bool = False) -> None:
        self._call, self._robust = call, robust
        self._of_thread = threading.local()

    def ask(self, values: Mapping[str, str] | None = None) -> None:
        """Have the call made after the current transaction; at once outside of one."""
        waiting: _Waiting | None = getattr(self._of_thread, "waiting", None)
        # One that is not waited for any more was carried out, or taken back with its transaction.
        if waiting is None or waiting.is_done or not _is_waited_for(waiting):
            waiting = self._of_thread.waiting = _Waiting(self._call)
        waiting.values.update(values or {})
        # Each time: a savepoint that is undone takes back what was asked for inside of it.
        transaction.on_commit(waiting.carry_out, robust=self._robust)


def _is_waited_for(waiting: _Waiting) -> bool:
    # From the end, where it nearly always stands: a long transaction asks thousands of times.
    asked = reversed(transaction.get_connection().run_on_commit)
    return any(call == waiting.carry_out for _savepoints, call, _robust in asked)
