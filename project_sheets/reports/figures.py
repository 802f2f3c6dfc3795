"""The report of a call (bilan): what is financed, reached and achieved, in all and group by group.

One rule says who reads a figure (docs/adr/0011-the-report-of-a-call.md): animators read all of them; others
only those to which at least five projects contribute, and no number of people below five.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain, count

from django.utils.text import slugify

from portal.core.money import share_of
from portal.taxonomy.models import normalize_name

#: A figure that fewer projects make, or a smaller number of people, could tell about one of them.
LEAST = 5


@dataclass(frozen=True)
class Figure:
    """A sum and how many projects contribute to it; None where none does. Euros, or the indicator's unit."""

    value: Decimal | None
    contributors: int
    #: Set where another figure of the same column would give this one away, or this one another.
    is_withheld: bool = False
    #: The projects that contribute, by the key of their sheets.
    among: frozenset[int] = field(default=frozenset(), compare=False, repr=False)

    def is_open(self) -> bool:
        """Whether anyone may read it."""
        if self.value is None:
            return True
        return not self.is_withheld and self.contributors >= LEAST and not 0 < self.value < LEAST


@dataclass(frozen=True)
class Measured:
    """What one project says of one indicator, over all years; unknown is None."""

    target: Decimal | None
    achieved: Decimal | None


@dataclass
class ProjectFacts:
    """What the report reads of one published sheet."""

    key: int
    wave: tuple[int, str] | None
    holder_kind: tuple[str, str] | None
    budget: Decimal | None
    state: Decimal | None = None
    funding: Decimal | None = None
    themes: set[tuple[str, str]] = field(default_factory=set)
    places: set[tuple[str, str]] = field(default_factory=set)
    #: By name of indicator, without accents or case, and unit.
    indicators: dict[tuple[str, str], Measured] = field(default_factory=dict)


@dataclass(frozen=True)
class ReportRow:
    """One group of projects: its list, and its figures by column."""

    label: str
    query: str
    projects: Figure
    budget: Figure
    state: Figure
    reached: Sequence[Figure]


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator over the whole call. ``rate`` compares what both say: only where target and result are known."""

    label: str
    unit: str
    projects: int
    target: Figure
    achieved: Figure
    rate: Decimal | None
    #: How many projects say both: those that the rate is about.
    compared: int = 0
    #: Its part of the address of the list that its figures open.
    slug: str = ""
    #: What each project says of it, by the key of its sheet.
    said: Mapping[int, Measured] = field(default_factory=dict, repr=False)

    def is_told(self) -> bool:
        """Whether anyone may read its name, which is text of the members' part where few projects use it."""
        return self.projects >= LEAST

    def is_rate_open(self) -> bool:
        """Whether anyone may read the rate, which fewer projects may make than the sums beside it."""
        return self.compared >= LEAST and self.target.is_open() and self.achieved.is_open()


@dataclass(frozen=True)
class ReportCut:
    """The projects cut one way: by theme, by place… ``is_partition``: each of them stands in one row alone."""

    key: str
    rows: Sequence[ReportRow]
    is_partition: bool


def sum_of(projects: Iterable[ProjectFacts], read: Callable[[ProjectFacts], Decimal | None]) -> Figure:
    """Add up what ``read`` gives of each project; projects for which it is unknown do not contribute."""
    values = {project.key: value for project in projects if (value := read(project)) is not None}
    return Figure(sum(values.values(), Decimal(0)) if values else None, len(values), among=frozenset(values))


def count_of(projects: Sequence[ProjectFacts]) -> Figure:
    """Count projects."""
    return Figure(Decimal(len(projects)), len(projects), among=frozenset(project.key for project in projects))


IndicatorKey = tuple[str, str]


def achieved_of(key: IndicatorKey) -> Callable[[ProjectFacts], Decimal | None]:
    """Return what reads the result of an indicator in a project."""
    return lambda project: project.indicators[key].achieved if key in project.indicators else None


def row_of(label: str, query: str, projects: Sequence[ProjectFacts], shown: Sequence[IndicatorKey]) -> ReportRow:
    """Return the figures of one group of projects."""
    return ReportRow(
        label=label,
        query=query,
        projects=count_of(projects),
        budget=sum_of(projects, lambda project: project.budget),
        state=sum_of(projects, lambda project: project.state),
        reached=[sum_of(projects, achieved_of(key)) for key in shown],
    )


def cut(
    key: str,
    projects: Sequence[ProjectFacts],
    groups_of: Callable[[ProjectFacts], Iterable[tuple[str, str]]],
    *,
    shown: Sequence[IndicatorKey],
    without: tuple[str, str],
) -> ReportCut:
    """Group projects by (query, label), largest group first; ``without`` is the last, of those that have none.

    A figure is withheld where subtracting it, or others from it, would tell of fewer projects than may be told of.
    """
    groups: dict[tuple[str, str], list[ProjectFacts]] = {}
    for project in projects:
        for group in list(groups_of(project)) or [without]:
            groups.setdefault(group, []).append(project)
    ordered = sorted(groups.items(), key=lambda item: (item[0] == without, -len(item[1]), item[0][1]))
    rows = [row_of(label, query, members, shown) for (query, label), members in ordered]
    is_partition = sum(len(members) for members in groups.values()) == len(projects)
    return ReportCut(key, _withheld(rows, row_of("", "", projects, shown), is_partition), is_partition)


def _withheld(rows: Sequence[ReportRow], total: ReportRow, is_partition: bool) -> Sequence[ReportRow]:
    """Protect each column by itself: a column is what people subtract in."""
    projects: Sequence[Figure] = [row.projects for row in rows]
    if is_partition:
        # Elsewhere the difference of two numbers of projects is one that the lists of sheets show anyway.
        projects = protected(projects, total.projects)
    budget = protected([row.budget for row in rows], total.budget)
    state = protected([row.state for row in rows], total.state)
    columns = zip(*(row.reached for row in rows), strict=True)
    reached = [protected(column, of_all) for column, of_all in zip(columns, total.reached, strict=True)]
    return [
        ReportRow(row.label, row.query, projects[at], budget[at], state[at], [column[at] for column in reached])
        for at, row in enumerate(rows)
    ]


def protected(column: Sequence[Figure], total: Figure) -> Sequence[Figure]:
    """Withhold figures of ``column`` until no difference in it, ``total`` included, is about fewer than ``LEAST``.

    Two ways to subtract are looked at: a figure from a wider one (a theme from the one above it), and all
    figures inside a wider one, where no project is in two of them (the lines of a partition from the total).
    """
    of_all = [total] if total.is_open() else []
    kept: list[Figure] = []
    for figure in sorted(column, key=lambda one: -one.contributors):
        # The widest first: what is withheld already gives nothing away.
        wider = (one.among for one in (*of_all, *kept))
        if figure.is_open() and figure.among and not any(_tells(among, figure.among) for among in wider):
            kept.append(figure)
    while inner := next((inside for one in (*of_all, *kept) if (inside := _given_away(one, kept))), None):
        kept.remove(min(inner, key=lambda one: one.contributors))
    shown = {id(figure) for figure in kept}
    return [
        replace(figure, is_withheld=True) if figure.is_open() and figure.among and id(figure) not in shown else figure
        for figure in column
    ]


def _given_away(wider: Figure, kept: Sequence[Figure]) -> Sequence[Figure]:
    """Return the figures that, taken together from ``wider``, would tell of a few projects; none where they do not."""
    inside = [figure for figure in kept if figure.among < wider.among]
    largest = [figure for figure in inside if not any(figure.among < other.among for other in inside)]
    parts = {figure.among for figure in largest}
    told = frozenset[int]().union(*parts)
    disjoint = sum(map(len, parts)) == len(told)
    return largest if disjoint and _tells(wider.among, told) else ()


def _tells(wider: frozenset[int], narrower: frozenset[int]) -> bool:
    """Whether the difference of two sums tells of a few projects."""
    return narrower < wider and len(wider - narrower) < LEAST


def indicator_lines(projects: Sequence[ProjectFacts], labels: Mapping[IndicatorKey, str]) -> Sequence[IndicatorLine]:
    """Return the indicators of all projects, those that most of them measure first."""
    lines, slugs = [], _slugs_of(labels)
    for key, label in labels.items():
        said = {project.key: project.indicators[key] for project in projects if key in project.indicators}
        measured = list(said.values())
        both = [(m.achieved, m.target) for m in measured if m.achieved is not None and m.target is not None]
        targets = [m.target for m in measured if m.target is not None]
        achieved = [m.achieved for m in measured if m.achieved is not None]
        lines.append(
            IndicatorLine(
                label=label,
                unit=key[1],
                projects=len(measured),
                target=Figure(sum(targets, Decimal(0)) if targets else None, len(targets)),
                achieved=Figure(sum(achieved, Decimal(0)) if achieved else None, len(achieved)),
                rate=share_of(sum((a for a, _t in both), Decimal(0)), sum((t for _a, t in both), Decimal(0))),
                compared=len(both),
                slug=slugs[key],
                said=said,
            )
        )
    return sorted(lines, key=lambda line: (-line.projects, normalize_name(line.label)))


def _slugs_of(keys: Iterable[IndicatorKey]) -> Mapping[IndicatorKey, str]:
    """Give each indicator a part of an address, from its words; a number tells apart those that read alike."""
    slugs: dict[IndicatorKey, str] = {}
    for key in sorted(keys):
        base, taken = slugify(" ".join(key))[:80] or "resultat", set(slugs.values())
        slugs[key] = next(slug for slug in chain([base], (f"{base}-{n}" for n in count(2))) if slug not in taken)
    return slugs
