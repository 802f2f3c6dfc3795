"""The list of sheets and its facets: each choice with the number of sheets that it would show.

A count goes by the other facets as they are, and by what the reader may see.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import AnyUser
from portal.taxonomy.models import Territory
from portal.taxonomy.reach import HELD_LEVELS
from project_sheets.facet_index import Choice, FacetIndex, SheetSet, facet_index, sheets_visible_to, stage_choices
from project_sheets.filters import FACETS, SheetFilters, deployed_in, mentioning
from project_sheets.models import ProjectSheetPage

#: Beyond this many départements a list of them is no choice: regions are offered first.
MOST_DEPARTMENTS = 15
TERRITORY = "territoire"
#: The one facet that goes by the day.
STAGE = "etape"
WAVE = "vague"


@dataclass(frozen=True)
class Option:
    """One choice of a facet."""

    value: str
    label: str
    count: int
    selected: bool


class FacetedList:
    """What one reader finds with one choice of filters."""

    def __init__(self, user: AnyUser, filters: SheetFilters) -> None:
        self._index: FacetIndex = facet_index()
        self._stages = stage_choices(self._index, timezone.localdate())
        self._filters = filters
        self._within = sheets_visible_to(user, self._index) & self._narrowed_by_words_and_region()
        self._chosen = {name: self._sheets_chosen(name) for name in FACETS if filters.chosen.get(name)}
        if filters.territories:
            rows = deployed_in(filters.territories).values_list("projectsheetpage_id", flat=True)
            self._chosen[TERRITORY] = self._index.set_of(rows)
        for name in filters.without:
            self._within &= self._without(name)

    def found(self) -> Sequence[int]:
        """Return the keys of the sheets that the filters leave, in the order asked for."""
        return self._index.in_order(self._left_by_others(""), self._filters.sort)

    def options(self, facet: str) -> list[Option]:
        """Return the choices of ``facet``, most frequent first.

        A wave is told by its number, which says something within one call: elsewhere the waves that
        are chosen already are the only ones.
        """
        within = self._left_by_others(facet)
        selected = set(self._filters.chosen.get(facet, ()))
        is_offered = facet != WAVE or self._is_one_call(within)
        options = [
            Option(
                value=value,
                label=str(_("Wave %(number)s") % {"number": text}) if facet == WAVE else text,
                count=(sheets & within).bit_count(),
                selected=value in selected,
            )
            for (value, text), sheets in self._choices(facet).items()
            if sheets & within and (is_offered or value in selected)
        ]
        return sorted(options, key=lambda option: (-option.count, option.label))

    def territories(self) -> list[Option]:
        """Return the territories to choose from; what is chosen is always among them."""
        within = self._left_by_others(TERRITORY)
        chosen = {place.pk: place for place in self._filters.territories}
        touched = [place for place in self._index.places if self._index.reach.touching(place) & within]
        offered = _offered(touched, chosen.values())
        known = {place.pk for place in offered}
        offered += [place for key, place in chosen.items() if key not in known]
        return [
            Option(place.public_code, str(place), (self._at(place) & within).bit_count(), place.pk in chosen)
            for place in offered
        ]

    def by_department(self) -> dict[str, int]:
        """Count the sheets that each département would show, by its official code, as the list's own link does."""
        within = self._left_by_others(TERRITORY)
        departments = [place for place in self._index.places if place.level == Territory.Level.DEPARTMENT]
        counts = {place.code: (self._at(place) & within).bit_count() for place in departments}
        return {code: count for code, count in counts.items() if count}

    def in_whole_country(self) -> int:
        """Count the sheets deployed in the whole country, which every département shows."""
        return (self._index.reach.everywhere & self._left_by_others(TERRITORY)).bit_count()

    def _is_one_call(self, within: SheetSet) -> bool:
        return sum(1 for sheets in self._index.choices["appel"].values() if sheets & within) == 1

    def _at(self, place: Territory) -> SheetSet:
        if place.level in HELD_LEVELS:
            return self._index.reach.at(place)
        return self._index.set_of(deployed_in([place]).values_list("projectsheetpage_id", flat=True))

    def _narrowed_by_words_and_region(self) -> SheetSet:
        index, region = self._index, self._filters.region
        within = index.published if self._filters.is_online_only else -1
        if region is not None and region.territory_id:
            within &= index.by_region.get(region.territory_id, 0)
        if self._filters.query:
            found = mentioning(ProjectSheetPage.objects.all(), self._filters.query)
            within &= index.set_of(found.order_by().values_list("pk", flat=True))
        return within

    def _choices(self, facet: str) -> Mapping[Choice, SheetSet]:
        return self._stages if facet == STAGE else self._index.choices[facet]

    def _sheets_chosen(self, facet: str) -> SheetSet:
        wanted, found = set(self._filters.chosen[facet]), 0
        for (value, _text), sheets in self._choices(facet).items():
            if value in wanted:
                found |= sheets
        return found

    def _without(self, facet: str) -> SheetSet:
        """Return the sheets that leave ``facet`` empty; of territories, those that no département shows."""
        if facet == TERRITORY:
            departments = (place for place in self._index.places if place.level == Territory.Level.DEPARTMENT)
            return ~reduce(or_, map(self._at, departments), self._index.reach.everywhere)
        return ~reduce(or_, self._index.choices[facet].values(), 0)

    def _left_by_others(self, facet: str) -> SheetSet:
        within = self._within
        for name, sheets in self._chosen.items():
            if name != facet:
                within &= sheets
        return within


def _offered(places: Sequence[Territory], chosen: Iterable[Territory]) -> list[Territory]:
    """Return the départements while they are few; beyond, regions, and the départements of those chosen."""
    departments = [place for place in places if place.level == Territory.Level.DEPARTMENT]
    if len(departments) <= MOST_DEPARTMENTS:
        return departments
    opened = {place.pk if place.level == Territory.Level.REGION else place.region_id for place in chosen}
    regions = [place for place in places if place.level == Territory.Level.REGION]
    return regions + [place for place in departments if place.region_id in opened]
