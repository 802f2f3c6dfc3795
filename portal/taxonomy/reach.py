"""Where rows of a list act, in memory: the country, régions, départements, and what lies in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import NamedTuple

from portal.core.bitsets import BitSet, grouped
from portal.taxonomy.models import Territory

#: Levels whose rows are held, by territory; those of the others are asked of the database.
HELD_LEVELS = frozenset({Territory.Level.COUNTRY, Territory.Level.REGION, Territory.Level.DEPARTMENT})
#: What ``Where`` is read from, as fields of a territory.
WHERE_FIELDS = ("pk", "level", "department_id", "region_id")


class Where(NamedTuple):
    """One territory in which the row of key ``row`` acts."""

    territory: int
    level: str
    department: int | None
    region: int | None
    row: int


@dataclass(frozen=True)
class Reach:
    """Rows by the key of the région or département in which they act."""

    everywhere: BitSet
    whole_region: Mapping[int, BitSet]
    touching_region: Mapping[int, BitSet]
    in_department: Mapping[int, BitSet]

    @classmethod
    def read(cls, positions: Mapping[int, int], acts: Iterable[Where]) -> "Reach":
        """Sort what ``acts`` says of the rows that have a position."""
        everywhere: list[tuple[int, int]] = []
        wide: list[tuple[int, int]] = []
        touching: list[tuple[int, int]] = []
        near: list[tuple[int, int]] = []
        for territory, level, department, region, row in acts:
            if level == Territory.Level.COUNTRY:
                everywhere.append((0, row))
            elif level == Territory.Level.REGION:
                wide.append((territory, row))
                touching.append((territory, row))
            else:
                near.append((territory if level == Territory.Level.DEPARTMENT else department or 0, row))
                touching.append((region or 0, row))
        whole_country = grouped(positions, everywhere).get(0, 0)
        return cls(whole_country, grouped(positions, wide), grouped(positions, touching), grouped(positions, near))

    def touching(self, place: Territory) -> BitSet:
        """Return who acts in the région or département, in a part of it or around it, save in the whole country."""
        if place.level == Territory.Level.REGION:
            return self.touching_region.get(place.pk, 0)
        return self.in_department.get(place.pk, 0) | self.whole_region.get(place.region_id or 0, 0)

    def at(self, place: Territory) -> BitSet:
        """Return who acts in a territory of ``HELD_LEVELS``: in it, in a part of it, or all around it."""
        if place.level == Territory.Level.COUNTRY:
            return reduce(or_, self.touching_region.values(), self.everywhere)
        return self.everywhere | self.touching(place)
