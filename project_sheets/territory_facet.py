"""The territories offered by the list of sheets, each with what choosing it would show."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from portal.taxonomy.models import Territory
from project_sheets.filters import Option, SheetFilters, apply_filters, deployed_in
from project_sheets.models import ProjectSheetPage

#: Beyond this many départements a list of them is no choice: regions are offered first.
MOST_DEPARTMENTS = 15


class Deployment:
    """Where sheets are deployed: a sheet of a whole region counts in each of its départements."""

    def __init__(self, sheets: QuerySet[Any]) -> None:
        self._sheets = sheets
        self._everywhere: set[int] = set()
        self._whole_region: dict[int, set[int]] = defaultdict(set)
        self._touching_region: dict[int, set[int]] = defaultdict(set)
        self._in_department: dict[int, set[int]] = defaultdict(set)
        rows = (
            ProjectSheetPage.objects.filter(pk__in=sheets.order_by().values("pk"))
            .exclude(territories=None)
            .order_by()
            .values_list("pk", "territories", "territories__level", "territories__department", "territories__region")
        )
        for row in rows:
            self._add(*row)

    def _add(self, sheet: int, territory: int, level: str, department: int | None, region: int | None) -> None:
        if level == Territory.Level.COUNTRY:
            self._everywhere.add(sheet)
        elif level == Territory.Level.REGION:
            self._whole_region[territory].add(sheet)
            self._touching_region[territory].add(sheet)
        else:
            self._in_department[territory if level == Territory.Level.DEPARTMENT else department or 0].add(sheet)
            self._touching_region[region or 0].add(sheet)

    def places(self) -> QuerySet[Territory]:
        """Return the régions and départements that the sheets touch, with what a choice shows of them."""
        touched = Q(level=Territory.Level.REGION, pk__in=list(self._touching_region)) | Q(
            level=Territory.Level.DEPARTMENT
        ) & (Q(pk__in=list(self._in_department)) | Q(region__in=list(self._whole_region)))
        return Territory.objects.filter(touched).only("level", "code", "name", "region")

    def count(self, place: Territory) -> int:
        """Return how many sheets the filter would keep for ``place``."""
        if place.level == Territory.Level.REGION:
            return len(self._everywhere | self._touching_region[place.pk])
        if place.level == Territory.Level.DEPARTMENT:
            return len(self._everywhere | self._in_department[place.pk] | self._whole_region[place.region_id or 0])
        return self._sheets.filter(pk__in=deployed_in([place])).count()


def _offered(places: Iterable[Territory], chosen: tuple[Territory, ...]) -> list[Territory]:
    """Return the départements while they are few; beyond, regions, and the départements of those chosen."""
    departments = [place for place in places if place.level == Territory.Level.DEPARTMENT]
    if len(departments) <= MOST_DEPARTMENTS:
        return departments
    opened = {place.pk if place.level == Territory.Level.REGION else place.region_id for place in chosen}
    regions = [place for place in places if place.level == Territory.Level.REGION]
    return regions + [place for place in departments if place.region_id in opened]


def count_territories(sheets: QuerySet[Any], filters: SheetFilters) -> list[Option]:
    """Return the territories to choose from, in two queries; what is chosen is always among them."""
    deployment = Deployment(apply_filters(sheets, filters.without("territoire")))
    places = list(deployment.places())
    offered = _offered(places, filters.territories)
    known = {place.pk for place in offered}
    offered += [place for place in filters.territories if place.pk not in known]
    chosen = {place.pk for place in filters.territories}
    return [Option(place.public_code, str(place), deployment.count(place), place.pk in chosen) for place in offered]
