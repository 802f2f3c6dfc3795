"""The state of a list in its address: chips that take a filter away, links that sort."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, QueryDict


def address_with(request: HttpRequest, query: QueryDict) -> str:
    """Return the address of this page with another query."""
    return f"{request.path}?{query.urlencode()}" if query else request.path


def chips_for(request: HttpRequest, values: Iterable[tuple[str, str, str]]) -> list[dict[str, Any]]:
    """Return the active filters, given as (name, value, label), each with the address of the list without it."""
    chips = []
    for name, value, label in values:
        query = request.GET.copy()
        query.pop("page", None)
        query.setlist(name, [other for other in query.getlist(name) if name != "q" and other != value])
        chips.append({"label": label, "url": address_with(request, query)})
    return chips


def sort_links(request: HttpRequest, current: str, choices: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    """Return the ways to sort; the first one, the default, leaves no trace in the address."""
    links = []
    for position, (value, label) in enumerate(choices):
        query = request.GET.copy()
        query.pop("page", None)
        query.pop("tri", None)
        if position:
            query["tri"] = value
        links.append({"label": label, "url": address_with(request, query), "current": value == current})
    return links
