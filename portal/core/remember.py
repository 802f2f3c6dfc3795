"""What every reader is shown alike, made once per process and again only when it has changed.

``@remembered("sheets")`` stands above a function whose result depends on nothing but its arguments
and what the area holds: counts of a facet, the figures of a call, the cards of the home page. The
result is shared by all requests of the process, so it must never be changed, and it must be what
*anyone* asking with these arguments may see: who is asking is an argument or nothing.
"""

import functools
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import connection

from portal.core.areas import current_tokens

P = ParamSpec("P")
R = TypeVar("R")

#: Results kept of one function, the least recently read leaving first.
MAX_RESULTS = 128


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
                    return found[2]
            result = function(*args, **kwargs)
            with lock:
                kept[key] = (version, time.monotonic() + settings.PAGE_CACHE_SECONDS, result)
                while len(kept) > MAX_RESULTS:
                    kept.popitem(last=False)
            return result

        return wrapper

    return decorate
