"""Filters of the list of sheets, read from the address.

Within one facet the choices add up (either theme); between facets they narrow (theme and call).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal.taxonomy.models import Territory
from project_sheets.models import ProjectSheetPage, RegionIndexPage

MAX_QUERY_LENGTH = 200
SORTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "recents": (_("Most recent"), ("-first_published_at", "title", "pk")),
    "titre": (_("Title"), ("title", "pk")),
    "structure": (_("Project holder"), ("holder__name", "title", "pk")),
}
DEFAULT_SORT = "recents"

#: Parameters of the address that name words of a sheet: call, wave, theme, audience, sector, stage, kind of holder.
FACETS = ("appel", "vague", "theme", "public", "secteur", "etape", "porteur")


#: The parameter that leaves out drafts, and its value.
STATE, ONLINE = "etat", "en-ligne"

#: The parameter that keeps the sheets which leave a facet empty, and the facets of which it can be asked.
WITHOUT = "sans"
WITHOUT_LABELS = {
    "theme": _("No theme"),
    "territoire": _("No territory"),
    "vague": _("Wave not given"),
    "porteur": _("Holder not given"),
}


@dataclass(frozen=True)
class SheetFilters:
    """What the address asks for; values that mean nothing are dropped, never an error."""

    query: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    territories: tuple[Territory, ...] = ()
    sort: str = DEFAULT_SORT
    region: RegionIndexPage | None = None
    #: Leave out the drafts that the reader may see: the lists to which figures of published sheets lead.
    is_online_only: bool = False
    #: Facets that the sheets leave empty, as the lines of a call's report name them.
    without: tuple[str, ...] = ()

    @property
    def is_active(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.query or any(self.chosen.values()) or self.territories or self.without)


def parse_filters(data: QueryDict, region: RegionIndexPage | None = None) -> SheetFilters:
    """Read filters from the query string; one query if it names territories."""
    chosen = {name: _clean_values(data.getlist(name)) for name in FACETS}
    chosen["vague"] = tuple(value for value in chosen["vague"] if value.isdecimal() and len(value) < 10)
    sort = data.get("tri", DEFAULT_SORT)
    return SheetFilters(
        query=" ".join(data.get("q", "").replace("\x00", " ").split())[:MAX_QUERY_LENGTH],
        chosen=chosen,
        territories=_parse_territories(data),
        sort=sort if sort in SORTS else DEFAULT_SORT,
        region=region,
        is_online_only=data.get(STATE) == ONLINE,
        without=tuple(value for value in _clean_values(data.getlist(WITHOUT)) if value in WITHOUT_LABELS),
    )


def _clean_values(values: Sequence[str]) -> tuple[str, ...]:
    """Keep at most 20 short distinct values that a database accepts."""
    return tuple(dict.fromkeys(value for value in values if value and len(value) <= 120 and "\x00" not in value))[:20]


def _parse_territories(data: QueryDict) -> tuple[Territory, ...]:
    codes = _clean_values(data.getlist("territoire"))
    return tuple(Territory.objects.with_public_codes(codes)) if codes else ()


def deployed_in(territories: Iterable[Territory]) -> QuerySet:
    """Return the sheets deployed in any of ``territories``: in it, in a part of it, or around it."""
    through = ProjectSheetPage.territories.through
    touching = Territory.objects.touching(territories).order_by()
    return through.objects.filter(territory__in=touching).values("projectsheetpage_id")


def mentioning(sheets: QuerySet, query: str) -> QuerySet:
    """Keep the sheets that hold every word of ``query`` in a public field."""
    for word in query.split()[:8]:
        sheets = sheets.filter(_mentions(word))
    return sheets


def _mentions(word: str) -> Q:
    """Search public fields only: a hit in a member's field would tell what it holds."""
    fields = ("title", "acronym", "summary", "objective", "holder__name", "holder__acronym")
    return reduce(or_, (Q(**{f"{name}__icontains": word}) for name in fields))
