"""Other ways in and out of an account, which higher apps declare in their ``ways.py``.

The sign-in page and the page of security show a part of each that is switched on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest

from portal.core.registry import Registry


@dataclass(frozen=True)
class WayOut:
    """Where a session ends elsewhere too, and what this browser's next session remembers of it."""

    url: str
    remembered: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Way:
    """One way in.

    ``sign_in_template`` and ``security_template`` are the parts of the two pages; ``is_open`` says
    whether the portal has it. ``way_out(request)`` returns where a session that came in this way
    ends elsewhere too, or None; it is asked before the session ends.
    """

    sign_in_template: str
    security_template: str
    is_open: Callable[[], bool]
    way_out: Callable[[HttpRequest], WayOut | None]


ways: Registry[Way] = Registry("ways in")


def open_ways() -> list[Way]:
    """Return the ways in that the portal has."""
    return [way for way in ways if way.is_open()]


def way_out_of(request: HttpRequest) -> WayOut | None:
    """Return where the session of ``request`` must be ended besides; None when here is all."""
    return next((found for way in open_ways() if (found := way.way_out(request))), None)
