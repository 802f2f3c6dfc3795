"""The sheets that a reader puts side by side: the address names them, nothing is kept of the reader.

A pick is the end of a sheet's address with a dot: ``bretagne.adventus``.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

#: Parameter of the address, repeated.
PICK = "f"
#: What stands side by side without scrolling on a large screen.
MOST = 4
PICK_FORM = re.compile(r"([-\w]{1,255})\.([-\w]{1,255})", re.ASCII)


def pick_of(url: str) -> str:
    """Return the pick of the sheet at ``url``, its address from the root of the site."""
    region, slug = url.strip("/").split("/")[-2:]
    return f"{region}.{slug}"


def address_of(pick: str) -> tuple[str, str] | None:
    """Return the slugs of the region and of the sheet that ``pick`` names, or None where it names none."""
    match = PICK_FORM.fullmatch(pick)
    return (match[1], match[2]) if match else None


def picked_keys(data: QueryDict) -> list[str]:
    """Return the well-formed picks of an address, each once, at most one more than can be compared."""
    found = (pick for pick in data.getlist(PICK) if PICK_FORM.fullmatch(pick))
    return list(dict.fromkeys(found))[: MOST + 1]


def query_of(picks: Iterable[str]) -> str:
    """Return the query string that names ``picks``; empty without any."""
    return urlencode([(PICK, pick) for pick in picks])


def without(picks: Sequence[str], pick: str) -> list[str]:
    """Return ``picks`` without one of them."""
    return [other for other in picks if other != pick]


def picking(data: QueryDict, shown_urls: Iterable[str]) -> dict[str, Any]:
    """Return what a list needs to have its sheets ticked: the picks, and those that it does not show itself."""
    picks = picked_keys(data)
    shown = {pick_of(url) for url in shown_urls}
    return {"picks": picks, "picks_elsewhere": [pick for pick in picks if pick not in shown]}
