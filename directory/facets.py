"""The list of organisations: what is chosen, what is found, and what each choice would find."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from directory.enums import DirectorySort
from directory.index import OrganisationSet, directory_index
from directory.models import Organisation
from directory.places import Position
from portal.accounts.rules import AnyUser, is_administrator
from portal.core.bitsets import RowsInOrder, set_from
from portal.core.remember import remembered
from portal.taxonomy.models import Territory, Theme
from portal.taxonomy.reach import HELD_LEVELS

#: Parameters of the address that name words of an organisation.
FACETS = ("type", "theme", "public", "reseau", "verifiee")
TERRITORY = "territoire"
#: Beyond this many départements a list of them is no choice: regions are offered, and theirs once chosen.
MOST_DEPARTMENTS = 15


@dataclass(frozen=True)
class Around:
    """A place and how far from it, as the crow flies."""

    place: Territory
    position: Position
    radius_km: int


@dataclass(frozen=True)
class DirectoryFilter:
    """What the reader chose; within one facet any value does, all facets must agree."""

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    territories: tuple[Territory, ...] = ()
    around: Around | None = None


@dataclass(frozen=True)
class Option:
    """One choice of a facet, with how many organisations it would show."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class Found:
    """An organisation of the list; ``kilometres`` from the place that was asked for, if one was."""

    pk: int
    kilometres: float | None = None


def read_filter(cleaned: Mapping[str, Any]) -> DirectoryFilter:
    """Return what the cleaned form names; at most one query, for the territories."""
    codes = cleaned.get(TERRITORY, [])
    return DirectoryFilter(
        text=cleaned.get("q", ""),
        chosen={name: _known_values(name, cleaned.get(name, ())) for name in FACETS},
        territories=tuple(Territory.objects.with_public_codes(codes)) if codes else (),
        around=cleaned.get("around"),
    )


def _known_values(facet: str, values: Iterable[str]) -> tuple[str, ...]:
    """Leave out what names nothing, as an old link deserves."""
    asked = tuple(values)
    known = {value for value, _label, _is_below in words_of(facet)} if asked else set()
    return tuple(value for value in asked if value in known)


class FacetedDirectory:
    """What one reader finds with one choice of filters, counted in memory."""

    def __init__(self, user: AnyUser, chosen: DirectoryFilter) -> None:
        self._index = directory_index()
        self._filter = chosen
        self.was_guessed = False
        within = -1 if is_administrator(user) else self._index.listed
        within &= (1 << len(self._index.ids)) - 1
        if chosen.text:
            named, self.was_guessed = self._index.bearing(chosen.text)
            within &= named
        self._distances = self._read_distances()
        if chosen.around:
            within &= set_from(self._distances, len(self._index.ids))
        self._within = within
        # Asked for at once, and once: the choices count them again.
        self._nearby = self._index.acting_in([one for one in chosen.territories if one.level not in HELD_LEVELS])
        self._sets = {name: self._of_facet(name) for name in FACETS if chosen.chosen.get(name)}
        if chosen.territories:
            self._sets[TERRITORY] = self._in_territories()

    def found(self, sort: str) -> Sequence[Found]:
        """Return the organisations that the filters leave: by distance, the freshest first, or by name."""
        order: Iterable[int] | None = None
        if sort == DirectorySort.RECENT:
            order = self._index.freshest
        elif sort == DirectorySort.DISTANCE and self._distances:
            order = self._distances
        return RowsInOrder(self._left_by_others(""), self._found_at, order)

    def options(self, facet: str) -> list[Option]:
        """Return the choices of ``facet`` that would show something, and those that are chosen."""
        within = self._left_by_others(facet)
        selected = set(self._filter.chosen.get(facet, ()))
        options = []
        for value, label, is_below in words_of(facet):
            count = (self._index.choices[facet].get(value, 0) & within).bit_count()
            if value in selected or (count and not is_below):
                options.append(Option(value, label, count, value in selected))
        return options

    def territories(self) -> list[Option]:
        """Return the regions where somebody acts, each followed by its départements, then what else is chosen."""
        within, reach = self._left_by_others(TERRITORY), self._index.reach
        chosen = {place.pk: place for place in self._filter.territories}
        offered = [place for place in self._index.places if place.pk in chosen or reach.at(place) & within]
        if sum(place.level == Territory.Level.DEPARTMENT for place in offered) > MOST_DEPARTMENTS:
            opened = {place.region_id or place.pk for place in chosen.values()}
            offered = [place for place in offered if place.level == Territory.Level.REGION or place.region_id in opened]
        known = {place.pk for place in offered}
        offered += [place for key, place in chosen.items() if key not in known]
        return [
            Option(place.public_code, str(place), (self._acting_in(place) & within).bit_count(), place.pk in chosen)
            for place in offered
        ]

    def counts_by_department(self) -> dict[str, int]:
        """Return how many organisations act in each département, by its official code; the territory chosen aside."""
        within, reach = self._left_by_others(TERRITORY), self._index.reach
        return {place.code: (reach.at(place) & within).bit_count() for place in self._index.departments}

    def _found_at(self, position: int) -> Found:
        return Found(self._index.ids[position], self._distances.get(position))

    def _read_distances(self) -> dict[int, float]:
        around = self._filter.around
        if around is None:
            return {}
        centre = (around.position.latitude, around.position.longitude)
        return {near.position: near.kilometres for near in self._index.near(centre, around.radius_km)}

    def _acting_in(self, place: Territory) -> OrganisationSet:
        return self._index.reach.at(place) if place.level in HELD_LEVELS else self._nearby[place.pk]

    def _in_territories(self) -> OrganisationSet:
        found = 0
        for place in self._filter.territories:
            found |= self._acting_in(place)
        return found

    def _of_facet(self, facet: str) -> OrganisationSet:
        wanted, found = set(self._filter.chosen[facet]), 0
        for value, organisations in self._index.choices[facet].items():
            if value in wanted:
                found |= organisations
        return found

    def _left_by_others(self, facet: str) -> OrganisationSet:
        within = self._within
        for name, organisations in self._sets.items():
            if name != facet:
                within &= organisations
        return within


@remembered("directory", "taxonomy")
def words_of(facet: str) -> Sequence[tuple[str, str, bool]]:
    """Return the choices of a facet in the order of its own list: (value, label, whether it stands below another)."""
    if facet == "verifiee":
        return [("oui", _("Verified"), False)]
    if facet == "theme":
        return [(theme.slug, theme.name, theme.parent_id is not None) for theme in Theme.objects.all()]
    relation = {"type": "kind", "public": "audiences", "reseau": "networks"}[facet]
    words: Any = Organisation._meta.get_field(relation).related_model
    return [(slug, name, False) for slug, name in words._default_manager.values_list("slug", "name")]
