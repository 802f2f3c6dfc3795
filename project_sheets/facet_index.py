"""What the facets of the list count, in memory: which sheet is under which call, theme, place…

Five counts over the same sheets cost five large queries, most of whose time is Django's, not the
database's. The words of all sheets together are a few bits a sheet: each process reads them once,
again after a change, and counts by sets.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import starmap
from typing import NamedTuple, cast

from portal.accounts.models import User
from portal.accounts.rules import AnyUser, is_administrator, is_member
from portal.core.bitsets import BitSet, RowsInOrder, grouped, set_from
from portal.core.remember import remembered
from portal.taxonomy.models import Territory
from portal.taxonomy.reach import WHERE_FIELDS, Reach, Where
from project_sheets.enums import Stage
from project_sheets.filters import SORTS
from project_sheets.models import ProjectSheetPage
from project_sheets.selectors import stage_on

SheetSet = BitSet
#: The value of an option in the address, and its label.
Choice = tuple[str, str]


class Span(NamedTuple):
    """What tells the stage of a sheet on a given day."""

    sheets: SheetSet
    start_date: date | None
    end_date: date | None
    stated_stage: str


@dataclass(frozen=True, eq=False)
class FacetIndex:
    """The words of every sheet, published or not: a reader counts within what they may see."""

    ids: Sequence[int]
    positions: Mapping[int, int]
    published: SheetSet
    by_region: Mapping[int, SheetSet]
    choices: Mapping[str, Mapping[Choice, SheetSet]]
    reach: Reach
    #: For each way to sort, the positions of all sheets in that order.
    orders: Mapping[str, Sequence[int]] = field(repr=False)
    #: Régions and départements that any sheet touches, in the order of their names.
    places: tuple[Territory, ...] = field(repr=False)
    spans: tuple[Span, ...] = field(repr=False)

    def bit_of(self, sheet_id: int) -> SheetSet:
        """Return the set of one sheet; empty where its key is unknown."""
        return self.set_of([sheet_id])

    def set_of(self, sheet_ids: Iterable[int]) -> SheetSet:
        """Return the sheets of these keys as a set."""
        known = (self.positions[sheet] for sheet in sheet_ids if sheet in self.positions)
        return set_from(known, len(self.positions))

    def in_order(self, sheets: SheetSet, order: str) -> Sequence[int]:
        """Return the keys of ``sheets`` sorted in one of the ``orders``."""
        return RowsInOrder(sheets, self.ids.__getitem__, self.orders[order])


@remembered("sheets", "directory", "taxonomy")
def facet_index() -> FacetIndex:
    """Read the index: a dozen queries, once per process and change."""
    names = ("pk", "live", "region_id", "start_date", "end_date", "stated_stage")
    rows = list(ProjectSheetPage.objects.order_by("pk").values_list(*names))
    positions = {sheet: position for position, (sheet, *_rest) in enumerate(rows)}
    others = ProjectSheetPage.extra_regions.through.objects.values_list("territory_id", "projectsheetpage_id")
    reach = _read_reach(positions)
    return FacetIndex(
        ids=array("q", positions),
        positions=positions,
        published=set_from((positions[sheet] for sheet, is_live, *_rest in rows if is_live), len(rows)),
        by_region=grouped(positions, [*((region, sheet) for sheet, _live, region, *_rest in rows), *others]),
        choices={
            "appel": _read_choices(positions, "call__slug", "call__title"),
            "vague": _read_choices(positions, "wave__pk", "wave__number"),
            "theme": _read_themes(positions),
            "public": _read_choices(positions, "audiences__slug", "audiences__name"),
            "secteur": _read_choices(positions, "sectors__slug", "sectors__name"),
            "porteur": _read_choices(positions, "holder__kind__slug", "holder__kind__name"),
        },
        reach=reach,
        orders={name: _in_order(fields, positions) for name, (_label, fields) in SORTS.items()},
        places=_read_places(reach),
        spans=tuple(Span(1 << positions[sheet], *span) for sheet, _live, _region, *span in rows),
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
    """Return the sheets that ``user`` may see."""
    if not is_member(user):
        return index.published
    account = cast("User", user)
    return index.published | index.set_of(_drafts_of(account.pk, is_administrator(user), account.animated_region_ids))


@remembered("sheets", "laureates")
def _drafts_of(user_id: int, administers: bool, animated: frozenset[int]) -> Sequence[int]:
    """Return the keys of the drafts that an account may see; what it may is told beside, to be remembered by it.

    By its key: what is remembered must not hold the request of whoever asked.
    """
    drafts = ProjectSheetPage.objects.visible_to(User.objects.get(pk=user_id)).filter(live=False)
    return list(drafts.order_by().values_list("pk", flat=True))


def _in_order(fields: tuple[str, ...], positions: Mapping[int, int]) -> "array[int]":
    keys = ProjectSheetPage.objects.order_by(*fields).values_list("pk", flat=True)
    # One that was made since the positions were given belongs to the next index.
    return array("l", (positions[key] for key in keys if key in positions))


def _read_choices(positions: Mapping[int, int], value: str, label: str) -> Mapping[Choice, SheetSet]:
    rows = ProjectSheetPage.objects.filter(**{f"{value}__isnull": False}).order_by().values_list(value, label, "pk")
    return grouped(positions, (((str(key), str(text)), sheet) for key, text, sheet in rows))


def _read_themes(positions: Mapping[int, int]) -> Mapping[Choice, SheetSet]:
    """Count themes as the filter does: a sheet on a theme is on the theme above it too."""
    names = ("themes__slug", "themes__name", "themes__parent__slug", "themes__parent__name")
    rows = ProjectSheetPage.objects.filter(themes__isnull=False).order_by().values_list(*names, "pk")
    words = (((slug, name), (above, above_name), sheet) for slug, name, above, above_name, sheet in rows)
    return grouped(positions, ((word, sheet) for *pair, sheet in words for word in pair if word[0]))


def _read_reach(positions: Mapping[int, int]) -> Reach:
    through = ProjectSheetPage.territories.through.objects.order_by()
    deployed = through.values_list(*(f"territory__{name}" for name in WHERE_FIELDS), "projectsheetpage_id")
    return Reach.read(positions, starmap(Where, deployed))


def _read_places(reach: Reach) -> tuple[Territory, ...]:
    levels = (Territory.Level.REGION, Territory.Level.DEPARTMENT)
    places = Territory.objects.filter(level__in=levels).only("level", "code", "name", "region")
    return tuple(place for place in places if reach.touching(place))
