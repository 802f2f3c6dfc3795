"""“See also”: what resembles the thing that a page shows, by the rights of the reader."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser

from portal.accounts.rules import is_member
from portal.core.dates import format_day
from portal.core.page_cache import depend_on
from portal.core.remember import remembered
from search.related import Hit, likely, seen_by
from search.selectors import kind_label
from search.sources import found_area, tokens_for

register = template.Library()

MOST = 4

_Find = Callable[[str, frozenset[str], tuple[str, ...]], list[Hit]]


@cache
def _for_visitors(areas: tuple[str, ...]) -> _Find:
    """Return what finds for visitors, checked and remembered until one of ``areas`` changes."""

    @remembered(*areas)
    def find(key: str, tokens: frozenset[str], kinds: tuple[str, ...]) -> list[Hit]:
        return seen_by(AnonymousUser(), likely(key, tokens, kinds=kinds, limit=MOST))

    return find


@cache
def _for_members(areas: tuple[str, ...]) -> _Find:
    """Return what finds for all who hold the same tokens: each is still to be checked for who reads."""

    @remembered(*areas)
    def find(key: str, tokens: frozenset[str], kinds: tuple[str, ...]) -> list[Hit]:
        return likely(key, tokens, kinds=kinds, limit=MOST)

    return find


@register.inclusion_tag("search/_see_also.html", takes_context=True)
def see_also(context: dict[str, Any], key: str, kinds: str) -> dict[str, Any]:
    """Show what resembles the document of ``key`` ("sheet:12"), of ``kinds`` separated by spaces.

    A visitor's page that is kept is made again when what visitors find of these kinds, or the thing
    itself, has changed: never because somebody wrote to members, took a place or voted. A member's
    is found anew when what members find has, and checked against their rights of now each time.
    """
    request, wanted = context["request"], tuple(kinds.split())
    known = sorted({key.partition(":")[0], *wanted})
    depend_on(request, *(found_area(kind) for kind in known))
    tokens = tokens_for(request.user)
    if is_member(request.user):
        areas = tuple(found_area(kind, by_members=True) for kind in known)
        found = seen_by(request.user, _for_members(areas)(key, tokens, wanted))
    else:
        found = _for_visitors(tuple(found_area(kind) for kind in known))(key, tokens, wanted)
    return {"rows": [{"hit": hit, "kicker": _kicker(hit)} for hit in found[:MOST]]}


def _kicker(hit: Hit) -> str:
    """Return what it is, and of when: an event that is over is seen to be."""
    return " · ".join([kind_label(hit.kind), *([format_day(hit.date)] if hit.date else [])])
