"""A form that is sent twice writes once; one whose sending failed may be sent again."""

import logging
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from django.core.cache import cache
from django.http import HttpRequest

logger = logging.getLogger(__name__)
#: Seconds for which a sending is held that has neither ended nor failed: a worker that is killed says nothing.
HELD = 30
#: Seconds for which it is known where a sending led.
KNOWN = 3_600
#: How often a second sending looks whether the first has ended, and the seconds between two looks.
LOOKS, PAUSE = 30, 0.1
MAX_LENGTH = 64


def nonce_of(typed: object) -> str:
    """Return what tells one sending from another, as a page gave it and a person may have changed it."""
    # PostgreSQL takes no NUL, and the table of the cache no long key.
    return str(typed or "").replace("\0", "")[:MAX_LENGTH]


@dataclass
class Sending:
    """One sending of a form; as a context, it is forgotten where what is done inside fails.

    ``is_first`` tells whether it is this request's to write. Where it is not, ``url`` is where the first one
    led; it is empty where that one is still going on, or was killed.
    """

    key: str
    is_first: bool
    url: str = ""

    def note(self, url: str) -> None:
        """Note where the sending led, for the same form sent again."""
        if self.key:
            cache.set(self.key, url, timeout=KNOWN)

    def forget(self) -> None:
        """Let the same form be sent again: nothing was written."""
        if self.key:
            cache.delete(self.key)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            return
        try:
            self.forget()
        except Exception:  # What made it fail may keep the cache from answering too, and is what must be known.
            logger.exception("not forgotten: it is held for %s seconds", HELD)


def claim(request: HttpRequest) -> Sending:
    """Claim the sending of a form: the first of two at once, and the next one where the first has failed.

    A double click waits a little for the first, to be led where that one leads.
    """
    nonce = nonce_of(request.POST.get("envoi"))
    if not nonce:
        return Sending("", is_first=True)
    key = f"forum:sent:{request.user.pk}:{nonce}"
    for look in range(LOOKS):
        if look:
            time.sleep(PAUSE)
        if cache.add(key, "", timeout=HELD):
            return Sending(key, is_first=True)
        if url := cache.get(key):
            return Sending(key, is_first=False, url=url)
    # A cache that does not answer holds nothing: better twice than lost.
    return Sending(key, is_first=cache.get(key) is None)
