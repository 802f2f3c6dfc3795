"""The map of the départements, drawn by the server: how many of something each one holds.

A page asks for ``department_map`` and shows it with the component of that name, which draws it,
lists the same figures beside it and offers a map to zoom into where JavaScript runs.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.money import format_decimal

#: Steps of the scale, from the palest to the deepest; each has a pattern of its own.
STEPS = 5
#: Which of them are used when there are fewer values than steps: those easiest to tell apart.
USED_STEPS = {0: (), 1: (4,), 2: (2, 4), 3: (2, 3, 5), 4: (2, 3, 4, 5), 5: (1, 2, 3, 4, 5)}
DRAWING = Path(__file__).parent / "data" / "departments.json"


@dataclass(frozen=True)
class Outline:
    """A département or an overseas community; ``path`` is empty where nothing draws it."""

    code: str
    name: str
    path: str
    #: The same outline, enlarged beside the map: Paris and what surrounds it.
    close_up: str = ""

    @property
    def label(self) -> str:
        """Its name with its number: "Ille-et-Vilaine (35)"."""
        return f"{self.name} ({self.code})"


@dataclass(frozen=True)
class MapArea:
    """One département of a map: ``step`` is 0 where there is nothing, else 1 to 5."""

    outline: Outline
    value: int
    value_label: str
    step: int
    url: str
    is_chosen: bool

    @property
    def label(self) -> str:
        """What it holds, in words: "Ille-et-Vilaine (35) : 3 projets"."""
        return _("%(place)s: %(value)s") % {"place": self.outline.label, "value": self.value_label}


@dataclass(frozen=True)
class MapStep:
    """One step of the scale and the values that it stands for: "2 à 4"."""

    step: int
    label: str


@dataclass(frozen=True)
class DepartmentMap:
    """What the component ``department_map`` shows."""

    name: str
    title: str
    areas: Sequence[MapArea]
    scale: Sequence[MapStep]
    points_url: str = ""

    @property
    def drawn(self) -> Sequence[MapArea]:
        """The areas that the map draws, those with something last, so that no neighbour covers their line."""
        return sorted((area for area in self.areas if area.outline.path), key=lambda area: area.step)

    @property
    def close_up(self) -> Sequence[MapArea]:
        """The areas too small to point at, which an enlarged corner shows."""
        return [area for area in self.areas if area.outline.close_up]

    @property
    def listed(self) -> Sequence[MapArea]:
        """The areas where there is something, most first."""
        found = [area for area in self.areas if area.value]
        return sorted(found, key=lambda area: (-area.value, area.outline.code))

    @property
    def description(self) -> str:
        """The map in one sentence, for who does not see it."""
        listed = self.listed
        if not listed:
            return _("No département has anything to show.")
        return ngettext(
            "%(count)s département has something to show; most: %(first)s.",
            "%(count)s départements have something to show; most: %(first)s.",
            len(listed),
        ) % {"count": len(listed), "first": listed[0].label}

    @property
    def tiles_url(self) -> str:
        """Address of the background tiles of the map to zoom into; empty by default."""
        return settings.MAP_TILES_URL

    @property
    def tiles_credit(self) -> str:
        """Whom the tiles come from."""
        return settings.MAP_TILES_CREDIT


@cache
def outlines() -> Sequence[Outline]:
    """Return every département and overseas community, by code."""
    return [Outline(**row) for row in json.loads(DRAWING.read_text())]


def _results(count: int) -> str:
    return ngettext("%(count)s result", "%(count)s results", count) % {"count": format_decimal(count)}


def department_map(
    values: Mapping[str, int],
    *,
    title: str | Promise,
    url_for: Callable[[str], str],
    label_for: Callable[[int], str] = _results,
    chosen: Collection[str] = (),
    name: str = "carte",
    points_url: str = "",
) -> DepartmentMap:
    """Return the map of ``values``, by official code of département ("35", "2A", "971").

    ``url_for`` gives the address that lists what a département holds; it is asked only where there
    is something. ``label_for`` says a count in words ("3 projets"). ``chosen`` are the codes that
    the page already filters by. ``name`` tells two maps of one page apart. ``points_url`` is a
    same-origin GeoJSON of points (properties ``title`` and ``url``) for the map to zoom into. Codes
    that no département has are ignored.
    """
    breaks = _breaks([values.get(outline.code, 0) for outline in outlines()])
    areas = []
    for outline in outlines():
        value = max(values.get(outline.code, 0), 0)
        step = next((step for step, (low, high) in breaks.items() if low <= value <= high), 0)
        url = url_for(outline.code) if value else ""
        areas.append(MapArea(outline, value, label_for(value), step, url, outline.code in chosen))
    scale = [MapStep(step, _range_label(low, high)) for step, (low, high) in breaks.items()]
    return DepartmentMap(name, str(title), areas, scale, points_url)


def _breaks(values: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Share the values out between at most five steps, as many different values in each as can be."""
    distinct = sorted({value for value in values if value > 0})
    steps = min(STEPS, len(distinct))
    bounds = [round(index * len(distinct) / steps) for index in range(steps + 1)] if steps else []
    ranges = [(distinct[low], distinct[high - 1]) for low, high in pairwise(bounds)]
    return dict(zip(USED_STEPS[steps], ranges, strict=True))


def _range_label(low: int, high: int) -> str:
    if low == high:
        return format_decimal(low)
    return _("%(low)s to %(high)s") % {"low": format_decimal(low), "high": format_decimal(high)}
