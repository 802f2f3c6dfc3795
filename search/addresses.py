"""Addresses of searches: what they ask, and their variations."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from search.engines.base import FACETS, Sort


def address_of(text: str, chosen: Mapping[str, Sequence[str]]) -> str:
    """Return the address of a search, in one writing: the same search has the same address."""
    query = QueryDict(mutable=True)
    query["q"] = text
    for name in FACETS:
        query.setlist(name, sorted(chosen.get(name, ())))
    return f"{reverse('search:search')}?{query.urlencode()}"


def url_with(request: HttpRequest, **values: str) -> str:
    """Return the current address, from its first page, with other values; an empty one leaves it."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in values.items():
        query.setlist(name, [value] if value else [])
    return f"{request.path}?{query.urlencode()}"


def url_without(request: HttpRequest, *names: str, value: str | None = None) -> str:
    """Return the current address, from its first page, without parameters or without one value."""
    query = request.GET.copy()
    query.pop("page", None)
    for name in names:
        query.setlist(name, [one for one in query.getlist(name) if value is not None and one != value])
    return f"{request.path}?{query.urlencode()}"


def chosen_sort(data: QueryDict) -> Sort:
    """Return the order that an address asks for, by relevance where it makes no sense."""
    asked = data.get("tri", "")
    return Sort(asked) if asked in set(Sort) else Sort.RELEVANCE
