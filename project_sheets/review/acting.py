"""What a service knows of the act under way, for what Wagtail's signals let us write of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from directory.models import Organisation
from portal.accounts.models import User


@dataclass(frozen=True)
class Act:
    """In whose name somebody acts, what they say, and whether it ends the review for good."""

    on_behalf_of: Organisation | None = None
    text: str = ""
    is_refusal: bool = False
    #: What was online comes back as it was: no new version.
    is_reopening: bool = False
    #: Who publishes; Wagtail does not say it.
    by: User | None = None


_current: ContextVar[Act | None] = ContextVar("sheet_review_act", default=None)


def current_act() -> Act:
    """Return what is known of the act under way; nothing when it is done in Wagtail's admin."""
    return _current.get() or Act()


@contextmanager
def acting(act: Act) -> Iterator[None]:
    """Tell what is known of an act while it is done."""
    token = _current.set(act)
    try:
        yield
    finally:
        _current.reset(token)
