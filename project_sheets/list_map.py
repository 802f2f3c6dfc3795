"""The map of the list of sheets: how many each département would show, under the filters chosen."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.maps import DepartmentMap, department_map
from portal.core.money import format_decimal
from portal.taxonomy.models import Territory
from project_sheets.comparison.picks import MOST, PICK
from project_sheets.facets import TERRITORY, FacetedList
from project_sheets.filters import STATE, WITHOUT, SheetFilters

#: The parameter that asks for the map, and its value.
WAY, MAP = "vue", "carte"


def list_ways(request: HttpRequest, faceted: FacetedList, filters: SheetFilters) -> dict[str, Any]:
    """Return what the list's page needs to be read as a list or on a map; the map only where it is asked for."""
    shows_map = request.GET.get(WAY) == MAP
    ways = [
        {"label": _("List"), "url": _address(request, way=""), "current": not shows_map},
        {"label": _("Map"), "url": _address(request, way=MAP), "current": shows_map},
    ]
    context: dict[str, Any] = {"ways": ways, "shows_map": shows_map, "kept": _kept(request)}
    if shows_map:
        context |= {"map": _map(request, faceted, filters), "map_note": _note(faceted.in_whole_country())}
    return context


def _kept(request: HttpRequest) -> list[dict[str, str]]:
    """Return the parameters that the filters' form carries along."""
    names = (WAY, PICK, STATE, WITHOUT)
    return [{"name": name, "value": value} for name in names for value in request.GET.getlist(name)[:MOST]]


def _map(request: HttpRequest, faceted: FacetedList, filters: SheetFilters) -> DepartmentMap:
    return department_map(
        faceted.by_department(),
        title=_("Projects by département"),
        url_for=lambda code: _address(request, way="", territory=f"dep-{code}"),
        label_for=project_count,
        chosen={place.code for place in filters.territories if place.level == Territory.Level.DEPARTMENT},
    )


def project_count(count: int) -> str:
    """Say a number of projects: "3 projets"."""
    return ngettext("%(count)s project", "%(count)s projects", count) % {"count": format_decimal(count)}


def _note(everywhere: int) -> str:
    if not everywhere:
        return ""
    return ngettext(
        "%(count)s of them covers the whole country and counts in each département.",
        "%(count)s of them cover the whole country and count in each département.",
        everywhere,
    ) % {"count": everywhere}


def _address(request: HttpRequest, *, way: str, territory: str = "") -> str:
    """Return the present address as a list or a map, with ``territory`` in place of those chosen."""
    query: QueryDict = request.GET.copy()
    query.pop("page", None)
    query.pop(WAY, None)
    if way:
        query[WAY] = way
    if territory:
        query[TERRITORY] = territory
    return f"{request.path}?{query.urlencode()}" if query else request.path
