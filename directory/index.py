"""The directory in memory: what the list counts, what its search compares, who is near.

Each process reads all organisations once, and again after a change. A set of organisations has one
bit an organisation, in the order of their names: the first page of any choice is read from its
lowest bits.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain, starmap
from operator import or_
from typing import Any

from django.db.models import Q
from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.models import FormerName, Organisation
from directory.places import Box, distance_km
from portal.core.bitsets import BitSet, grouped, set_from
from portal.core.remember import remembered
from portal.taxonomy.models import Territory, normalize_name
from portal.taxonomy.reach import WHERE_FIELDS, Reach, Where

OrganisationSet = BitSet
#: Words shorter than this are taken as they are typed: everything resembles them.
SHORTEST_GUESS = 4
#: A word of the search may stand for so many words of the directory.
MOST_GUESSES = 30


@dataclass(frozen=True)
class Near:
    """An organisation near a place."""

    position: int
    kilometres: float


@dataclass(frozen=True)
class DirectoryIndex:
    """All organisations that were not merged into another, listed or not, in the order of their names."""

    ids: Sequence[int]
    positions: Mapping[int, int]
    listed: OrganisationSet
    choices: Mapping[str, Mapping[str, OrganisationSet]]
    reach: Reach
    places: tuple[Territory, ...] = field(repr=False)
    departments: tuple[Territory, ...] = field(repr=False)
    #: Positions, those that were lately confirmed or written first.
    freshest: Sequence[int] = field(repr=False)
    #: Every word of every name → the positions of those that bear it.
    words: Mapping[str, "array[int]"] = field(repr=False)
    #: These words, a line each.
    lines: str = field(repr=False)
    #: Normalised names, one row a name: an organisation has several.
    names: Sequence[str] = field(repr=False)
    named: "array[int]" = field(repr=False)
    #: (latitude, longitude, position), from south to north.
    points: Sequence[tuple[float, float, int]] = field(repr=False)
    latitudes: "array[float]" = field(repr=False)
    seats: Sequence[int | None] = field(repr=False)

    def acting_in(self, places: Sequence[Territory]) -> dict[int, OrganisationSet]:
        """Return who acts in each of these municipalities and intercommunalities, by its key, in two queries.

        However many they are: anyone may name fifty of them in an address. The rule is that of
        ``OrganisationQuerySet.acting_in``.
        """
        around = {
            place.pk: {place.pk, place.region_id, place.department_id, place.epci_id} - {None} for place in places
        }
        if not around:
            return {}
        wanted: set[int | None] = set().union(*around.values())
        near = Territory.objects.filter(Q(pk__in=wanted) | Q(epci__in=list(around))).values("pk")
        says = Organisation.territories.through.objects.filter(territory__in=near).order_by()
        silent = Organisation.objects.filter(territories=None, seat__in=near).order_by()
        rows = list(says.values_list("organisation_id", "territory_id", "territory__epci_id"))
        rows += silent.values_list("pk", "seat_id", "seat__epci_id")
        at = grouped(self.positions, ((place, key) for key, place, _epci in rows if place in wanted))
        inside = grouped(self.positions, ((epci, key) for key, _place, epci in rows if epci in around))
        return {
            key: reduce(or_, (at.get(one, 0) for one in wider), self.reach.everywhere | inside.get(key, 0))
            for key, wider in around.items()
        }

    def bearing(self, text: str) -> tuple[OrganisationSet, bool]:
        """Return those whose names hold every word of ``text``, and whether a word was guessed.

        A word counts where it is a part of a word of the name. One that is a part of none stands
        for the words nearest to it: one letter wrong up to seven letters, two beyond.
        """
        found, was_guessed = -1, False
        for word in normalize_name(text).split():
            bearing = self._holding(word)
            if not bearing:
                bearing, was_guessed = self._nearest(word), True
            positions = (position for known in bearing for position in self.words[known])
            found &= set_from(positions, len(self.ids))
        return found, was_guessed

    def _holding(self, word: str) -> set[str]:
        """Return the words of which ``word`` is a part: one search in all of them, written line by line."""
        lines, found = self.lines, set()
        at = lines.find(word)
        while at >= 0:
            end = lines.find("\n", at)
            found.add(lines[lines.rfind("\n", 0, at) + 1 : end])
            at = lines.find(word, end)
        return found

    def _nearest(self, word: str) -> set[str]:
        if len(word) < SHORTEST_GUESS:
            return set()
        wrong = 1 if len(word) <= 7 else 2
        near = process.extract(word, self.words.keys(), scorer=OSA.distance, score_cutoff=wrong, limit=MOST_GUESSES)
        return {known for known, _distance, _key in near}

    def near(self, centre: tuple[float, float], radius_km: float) -> list[Near]:
        """Return who has a seat within ``radius_km`` of ``centre``, the nearest first."""
        box = Box.around(centre, radius_km)
        first, last = bisect_left(self.latitudes, box.south), bisect_right(self.latitudes, box.north)
        found = []
        for latitude, longitude, position in self.points[first:last]:
            if box.west <= longitude <= box.east:
                kilometres = distance_km(centre, (latitude, longitude))
                if kilometres <= radius_km:
                    found.append(Near(position, kilometres))
        return sorted(found, key=lambda near: (near.kilometres, near.position))


@remembered("directory", "taxonomy")
def directory_index() -> DirectoryIndex:
    """Read the index: some ten queries, once per process and change."""
    rows = list(
        Organisation.objects.filter(merged_into=None)
        .order_by("search_text", "pk")
        .values_list("pk", "is_listed", "name", "search_text", "seat_id", "latitude", "longitude", "verified_at")
    )
    positions = {row[0]: position for position, row in enumerate(rows)}
    size = len(rows)
    names, named = _read_names(rows, positions)
    points = sorted((row[5], row[6], position) for position, row in enumerate(rows) if row[5] is not None)
    reach, areas, words = _read_reach(positions), _read_areas(), _read_words(rows)
    return DirectoryIndex(
        ids=array("q", (row[0] for row in rows)),
        positions=positions,
        listed=set_from((position for position, row in enumerate(rows) if row[1]), size),
        choices=_read_choices(positions, rows),
        reach=reach,
        places=_touched(areas, reach),
        departments=tuple(place for place in areas if place.level == Territory.Level.DEPARTMENT),
        freshest=_read_freshest(positions),
        words=words,
        lines="".join(f"{word}\n" for word in words),
        names=names,
        named=named,
        points=points,
        latitudes=array("d", (point[0] for point in points)),
        seats=[row[4] for row in rows],
    )


def _read_names(rows: Sequence[Any], positions: Mapping[int, int]) -> tuple[list[str], "array[int]"]:
    names, named = [normalize_name(row[2]) for row in rows], array("l", range(len(rows)))
    for key, name in FormerName.objects.order_by("pk").values_list("organisation_id", "name"):
        if key in positions:
            names.append(normalize_name(name))
            named.append(positions[key])
    return names, named


def _read_words(rows: Sequence[Any]) -> dict[str, "array[int]"]:
    words: dict[str, array[int]] = {}
    for position, row in enumerate(rows):
        for word in set(row[3].split()):
            words.setdefault(word, array("l")).append(position)
    return words


def _read_freshest(positions: Mapping[int, int]) -> "array[int]":
    keys = Organisation.objects.filter(merged_into=None).order_by("-updated_at", "search_text", "pk")
    return array("l", (positions[key] for key in keys.values_list("pk", flat=True) if key in positions))


def _read_choices(positions: Mapping[int, int], rows: Sequence[Any]) -> dict[str, dict[str, OrganisationSet]]:
    def words(relation: str) -> dict[str, OrganisationSet]:
        found = Organisation.objects.filter(**{f"{relation}__isnull": False}).order_by()
        return grouped(positions, found.values_list(f"{relation}__slug", "pk"))

    verified = [("oui", row[0]) for row in rows if row[7] is not None]
    return {
        "type": words("kind"),
        "theme": _read_themes(positions),
        "public": words("audiences"),
        "reseau": words("networks"),
        "verifiee": grouped(positions, verified),
    }


def _read_themes(positions: Mapping[int, int]) -> dict[str, OrganisationSet]:
    """Count themes as the filter does: one that works on a theme works on the theme above it too."""
    themed = Organisation.objects.filter(themes__isnull=False).order_by()
    rows = themed.values_list("themes__slug", "themes__parent__slug", "pk")
    return grouped(positions, ((slug, key) for *slugs, key in rows for slug in slugs if slug))


def _read_reach(positions: Mapping[int, int]) -> Reach:
    """Read where each acts: where it says so, or else at its seat."""
    through = Organisation.territories.through.objects.order_by()
    says = through.values_list(*(f"territory__{name}" for name in WHERE_FIELDS), "organisation_id")
    silent = Organisation.objects.filter(territories=None, seat__isnull=False).order_by()
    seats = silent.values_list(*(f"seat__{name}" for name in WHERE_FIELDS), "pk")
    return Reach.read(positions, starmap(Where, chain(says, seats)))


def _read_areas() -> list[Territory]:
    """Return the régions and départements of today, in the order of their names."""
    levels = (Territory.Level.REGION, Territory.Level.DEPARTMENT)
    found = Territory.objects.current().filter(level__in=levels).order_by("normalized_name", "code")
    return list(found.only("level", "code", "name", "normalized_name", "region"))


def _touched(areas: Sequence[Territory], reach: Reach) -> tuple[Territory, ...]:
    """Return the régions where somebody acts, each followed by its départements where somebody acts."""
    tree: list[Territory] = []
    for region in (place for place in areas if place.level == Territory.Level.REGION):
        inside = [
            place
            for place in areas
            if place.level == Territory.Level.DEPARTMENT
            and place.region_id == region.pk
            and (place.pk in reach.in_department or region.pk in reach.whole_region)
        ]
        if inside or region.pk in reach.touching_region:
            tree += [region, *inside]
    return tuple(tree)
