"""What every reader is shown alike, made once per process and again only when it has changed.

``@remembered("sheets")`` stands above a function whose result depends on nothing but its arguments
and what the area holds: counts of a facet, the figures of a call, the cards of the home page. The
result is shared by all requests of the process, so it must never be changed, and it must be what
*anyone* asking with these arguments may see: who is asking is an argument or nothing.

What goes by the clock is late by PAGE_CACHE_SECONDS at most, however many things that are kept it is
made of: whatever is kept ends with the first of those (``Deadline``).
"""

import functools
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import connection

from portal.core.areas import current_tokens

P = ParamSpec("P")
R = TypeVar("R")

#: Results kept of one function, the least recently read leaving first.
MAX_RESULTS = 128


@dataclass
class Deadline:
    """When something that is being made is to be made anew, on the monotonic clock."""

    at: float

    @property
    def seconds_left(self) -> float:
        """How long what was made may be shown."""
        return self.at - time.monotonic()

    def bring_forward(self, at: float) -> None:
        """Note that what is made holds something that ends at ``at``."""
        self.at = min(self.at, at)


_deadline: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def making() -> Iterator[Deadline]:
    """Give the deadline of what is made inside, which follows from what it is made of."""
    outer, own = _deadline.get(), Deadline(time.monotonic() + settings.PAGE_CACHE_SECONDS)
    token = _deadline.set(own)
    try:
        yield own
    finally:
        _deadline.reset(token)
        if outer is not None:
            outer.bring_forward(own.at)


def remembered(*areas: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep what the function returns, for each arguments, until one of ``areas`` changes.

    Arguments must be hashable. A result is made anew after PAGE_CACHE_SECONDS too, for what goes by
    the clock. Inside a transaction nothing is kept: what it reads may never be committed.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        kept: OrderedDict[Hashable, tuple[tuple[str, ...], float, R]] = OrderedDict()
        lock = Lock()

        @functools.wraps(function)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            tokens = None if connection.in_atomic_block else current_tokens()
            if tokens is None:
                return function(*args, **kwargs)
            key: Any = (args, tuple(sorted(kwargs.items())))
            version = tuple(tokens[area] for area in areas)
            with lock:
                found = kept.get(key)
                if found is not None and found[0] == version and found[1] > time.monotonic():
                    kept.move_to_end(key)
                    if (outer := _deadline.get()) is not None:
                        outer.bring_forward(found[1])
                    return found[2]
            with making() as deadline:
                result = function(*args, **kwargs)
            with lock:
                kept[key] = (version, deadline.at, result)
                while len(kept) > MAX_RESULTS:
                    kept.popitem(last=False)
            return result

        return wrapper

    return decorate
