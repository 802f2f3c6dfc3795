"""What the facets of the list count, in memory: which sheet is under which call, theme, place…

Five counts over the same sheets cost five large queries, most of whose time is Django's, not the
database's. The words of all sheets together are a few bits a sheet: each process reads them once,
again after a change, and counts by sets. A set of sheets is an integer, one bit a sheet: whatever
is chosen, a count is one ``&`` and one ``bit_count``.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple, overload

from portal.accounts.rules import AnyUser, is_member
from portal.core.remember import remembered
from portal.taxonomy.models import Territory
from project_sheets.enums import Stage
from project_sheets.filters import SORTS
from project_sheets.models import ProjectSheetPage
from project_sheets.selectors import stage_on

SheetSet = int
#: The value of an option in the address, and its label.
Choice = tuple[str, str]


@dataclass(frozen=True)
class Deployment:
    """Where sheets are deployed, by the key of the région or département."""

    everywhere: SheetSet
    whole_region: Mapping[int, SheetSet]
    touching_region: Mapping[int, SheetSet]
    in_department: Mapping[int, SheetSet]

    def touching(self, place: Territory) -> SheetSet:
        """Return the sheets deployed in the région or département, in a part of it or around it, save the country."""
        if place.level == Territory.Level.REGION:
            return self.touching_region.get(place.pk, 0)
        return self.in_department.get(place.pk, 0) | self.whole_region.get(place.region_id or 0, 0)


class Span(NamedTuple):
    """What tells the stage of a sheet on a given day."""

    sheets: SheetSet
    start_date: date | None
    end_date: date | None
    stated_stage: str


@dataclass(frozen=True, eq=False)
class FacetIndex:
    """The words of every sheet, published or not: a reader counts within what they may see."""

    bits: Mapping[int, SheetSet]
    published: SheetSet
    by_region: Mapping[int, SheetSet]
    choices: Mapping[str, Mapping[Choice, SheetSet]]
    deployment: Deployment
    #: For each way to sort, the key and the place of the bit of each sheet in that order.
    orders: Mapping[str, tuple[tuple[int, int], ...]] = field(repr=False)
    #: Régions and départements that any sheet touches, in the order of their names.
    places: tuple[Territory, ...] = field(repr=False)
    spans: tuple[Span, ...] = field(repr=False)

    def set_of(self, sheet_ids: Iterable[int]) -> SheetSet:
        """Return the sheets of these keys as a set."""
        found = 0
        for sheet in sheet_ids:
            found |= self.bits.get(sheet, 0)
        return found

    def in_order(self, sheets: SheetSet, order: str) -> "SheetsInOrder":
        """Return the keys of ``sheets``, none of which may be unknown, sorted in one of the ``orders``."""
        return SheetsInOrder(self.orders[order], sheets, len(self.bits))


class SheetsInOrder(Sequence[int]):
    """The keys of a set of sheets, found as they are asked for: a page of a list needs the first ones."""

    def __init__(self, order: tuple[tuple[int, int], ...], sheets: SheetSet, known: int) -> None:
        self._order, self._sheets = order, sheets
        # One sign a sheet: a sign of a string costs a tenth of a bit of a long integer.
        self._marks = f"{sheets:0{known}b}"[::-1]

    def __len__(self) -> int:
        return self._sheets.bit_count()

    def __iter__(self) -> Iterator[int]:
        return (key for key, place in self._order if self._marks[place] == "1")

    @overload
    def __getitem__(self, wanted: int) -> int: ...

    @overload
    def __getitem__(self, wanted: slice) -> list[int]: ...

    def __getitem__(self, wanted: int | slice) -> int | list[int]:
        """Return one key or a slice of them, counted from the beginning."""
        if isinstance(wanted, int):
            return self[wanted : wanted + 1][0]
        return list(islice(self, wanted.start, wanted.stop, wanted.step))


@remembered("sheets", "directory", "taxonomy")
def facet_index() -> FacetIndex:
    """Read the index: a dozen queries, once per process and change."""
    names = ("pk", "live", "region_id", "start_date", "end_date", "stated_stage")
    rows = list(ProjectSheetPage.objects.order_by("pk").values_list(*names))
    places = {sheet: place for place, (sheet, *_rest) in enumerate(rows)}
    bits = {sheet: 1 << place for sheet, place in places.items()}
    others = ProjectSheetPage.extra_regions.through.objects.values_list("territory_id", "projectsheetpage_id")
    deployment = _read_deployment(bits)
    return FacetIndex(
        bits=bits,
        published=sum(bits[sheet] for sheet, is_live, *_rest in rows if is_live),
        by_region=_grouped(bits, [*((region, sheet) for sheet, _live, region, *_rest in rows), *others]),
        choices={
            "appel": _read_choices(bits, "call__slug", "call__title"),
            "vague": _read_choices(bits, "wave__pk", "wave__number"),
            "theme": _read_themes(bits),
            "public": _read_choices(bits, "audiences__slug", "audiences__name"),
            "secteur": _read_choices(bits, "sectors__slug", "sectors__name"),
            "porteur": _read_choices(bits, "holder__kind__slug", "holder__kind__name"),
        },
        deployment=deployment,
        orders={name: _in_order(fields, places) for name, (_label, fields) in SORTS.items()},
        places=_read_places(deployment),
        spans=tuple(Span(bits[sheet], *span) for sheet, _live, _region, *span in rows),
    )


#: How the address names a stage.
STAGE_VALUES = {
    Stage.PLANNED: "prevu",
    Stage.ONGOING: "en-cours",
    Stage.ENDED: "termine",
    Stage.STOPPED: "arrete",
}


@lru_cache(maxsize=2)
def stage_choices(index: FacetIndex, day: date) -> Mapping[Choice, SheetSet]:
    """Return which sheets are at which stage on ``day``; the same all day long for one index."""
    found: dict[Stage, SheetSet] = defaultdict(int)
    for span in index.spans:
        if (stage := stage_on(span, day)) is not None:
            found[stage] |= span.sheets
    return {(STAGE_VALUES[stage], str(stage.label).capitalize()): sheets for stage, sheets in found.items()}


def sheets_visible_to(user: AnyUser, index: FacetIndex) -> SheetSet:
    """Return the sheets that ``user`` may see: one query for a member, none for a visitor."""
    if not is_member(user):
        return index.published
    drafts = ProjectSheetPage.objects.visible_to(user).filter(live=False)
    return index.published | index.set_of(drafts.order_by().values_list("pk", flat=True))


def _in_order(fields: tuple[str, ...], places: Mapping[int, int]) -> tuple[tuple[int, int], ...]:
    keys = ProjectSheetPage.objects.order_by(*fields).values_list("pk", flat=True)
    # One that was made since the places were given belongs to the next index.
    return tuple((key, places[key]) for key in keys if key in places)


def _grouped(bits: Mapping[int, SheetSet], rows: Iterable[tuple[Any, int]]) -> Mapping[Any, SheetSet]:
    groups: dict[Any, SheetSet] = defaultdict(int)
    for key, sheet in rows:
        groups[key] |= bits.get(sheet, 0)
    return dict(groups)


def _read_choices(bits: Mapping[int, SheetSet], value: str, label: str) -> Mapping[Choice, SheetSet]:
    rows = ProjectSheetPage.objects.filter(**{f"{value}__isnull": False}).order_by().values_list(value, label, "pk")
    return _grouped(bits, (((str(key), str(text)), sheet) for key, text, sheet in rows))


def _read_themes(bits: Mapping[int, SheetSet]) -> Mapping[Choice, SheetSet]:
    """Count themes as the filter does: a sheet on a theme is on the theme above it too."""
    names = ("themes__slug", "themes__name", "themes__parent__slug", "themes__parent__name")
    rows = ProjectSheetPage.objects.filter(themes__isnull=False).order_by().values_list(*names, "pk")
    words = (((slug, name), (above, above_name), sheet) for slug, name, above, above_name, sheet in rows)
    return _grouped(bits, ((word, sheet) for *pair, sheet in words for word in pair if word[0]))


def _read_deployment(bits: Mapping[int, SheetSet]) -> Deployment:
    through = ProjectSheetPage.territories.through.objects.order_by()
    rows = through.values_list(
        "territory", "territory__level", "territory__department", "territory__region", "projectsheetpage"
    )
    everywhere: list[int] = []
    wide: list[tuple[int, int]] = []
    touching: list[tuple[int, int]] = []
    near: list[tuple[int, int]] = []
    for territory, level, department, region, sheet in rows:
        if level == Territory.Level.COUNTRY:
            everywhere.append(sheet)
        elif level == Territory.Level.REGION:
            wide.append((territory, sheet))
            touching.append((territory, sheet))
        else:
            near.append((territory if level == Territory.Level.DEPARTMENT else department or 0, sheet))
            touching.append((region or 0, sheet))
    whole_country = _grouped(bits, ((0, sheet) for sheet in everywhere)).get(0, 0)
    return Deployment(whole_country, _grouped(bits, wide), _grouped(bits, touching), _grouped(bits, near))


def _read_places(deployment: Deployment) -> tuple[Territory, ...]:
    levels = (Territory.Level.REGION, Territory.Level.DEPARTMENT)
    places = Territory.objects.filter(level__in=levels).only("level", "code", "name", "region")
    return tuple(place for place in places if deployment.touching(place))
