"""“See also”: what resembles the thing that a page shows, by the rights of the reader."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser

from portal.accounts.rules import is_member
from portal.core.page_cache import depend_on
from portal.core.remember import remembered
from search.related import Hit, similar_to_key
from search.selectors import kind_label
from search.sources import found_area

register = template.Library()

MOST = 4


@cache
def _remembered(areas: tuple[str, ...]) -> Callable[[str, tuple[str, ...]], list[Hit]]:
    """Return what finds for visitors, remembered until one of ``areas`` changes."""

    @remembered(*areas)
    def find(key: str, kinds: tuple[str, ...]) -> list[Hit]:
        return similar_to_key(key, user=AnonymousUser(), kinds=kinds, limit=MOST)

    return find


@register.inclusion_tag("search/_see_also.html", takes_context=True)
def see_also(context: dict[str, Any], key: str, kinds: str) -> dict[str, Any]:
    """Show what resembles the document of ``key`` ("sheet:12"), of ``kinds`` separated by spaces.

    A visitor's page that is kept is made again when what visitors find of these kinds, or the thing
    itself, has changed: never because somebody wrote to members, took a place or voted.
    """
    request, wanted = context["request"], tuple(kinds.split())
    areas = tuple(sorted({found_area(kind) for kind in (key.partition(":")[0], *wanted)}))
    depend_on(request, *areas)
    if is_member(request.user):
        found = similar_to_key(key, user=request.user, kinds=wanted, limit=MOST)
    else:
        found = _remembered(areas)(key, wanted)
    return {"rows": [{"hit": hit, "kind": kind_label(hit.kind)} for hit in found]}
