"""The report as one reader may see it: the same cells on the screen and in its files."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.money import format_decimal, format_euros, format_percent
from portal.core.tables import Table
from project_sheets.reports.figures import LEAST, Figure, IndicatorLine, ReportCut, ReportRow
from project_sheets.reports.selectors import CallReport

Cell = Decimal | str | None
#: Titles of the figures of an indicator.
INDICATOR_TITLES = (
    gettext_lazy("Projects"),
    gettext_lazy("Target"),
    gettext_lazy("Achieved"),
    gettext_lazy("Rate (%)"),
)


@dataclass(frozen=True)
class ShownCell:
    """A figure as this reader sees it: ``value`` for a file, ``text`` for the screen."""

    value: Cell
    text: str
    url: str = ""


@dataclass(frozen=True)
class ShownRow:
    """A row of the page; ``bar`` is the length of its bar in thousandths, 0 where it must not tell."""

    label: str
    cells: Sequence[ShownCell]
    bar: int = 0


@dataclass(frozen=True)
class ShownTable:
    """A table of the page, with what it is called and what to know of it."""

    key: str
    title: str
    note: str
    titles: Sequence[str]
    rows: Sequence[ShownRow]


class ReportView:
    """A report for one reader: ``sees_all`` for an animator."""

    def __init__(self, report: CallReport, *, sees_all: bool) -> None:
        self.report = report
        self.sees_all = sees_all
        #: Positions, among the indicators that have columns, of those that this reader is told of.
        self._columns = [at for at, line in enumerate(report.shown) if sees_all or line.is_told()]

    @property
    def tables(self) -> Sequence[ShownTable]:
        """The whole call, then each way to cut it, then the indicators."""
        return [self._total(), *(self._cut(cut) for cut in self.report.cuts if cut.rows), self._indicators()]

    def indicator(self, slug: str) -> tuple[IndicatorLine, Sequence[tuple[str, ShownCell]]] | None:
        """Return the indicator at ``slug`` and its figures under their titles; None if the reader is not told of it."""
        line = next((line for line in self._told() if line.slug == slug), None)
        return (line, list(zip(INDICATOR_TITLES, self._indicator(line).cells, strict=True))) if line else None

    @property
    def told_count(self) -> int | None:
        """How many projects the report is about; None where this reader may not know it."""
        projects = self.report.total.projects
        return projects.contributors if self._may_read(projects) else None

    def as_file(self) -> Table:
        """Return all the tables as one, each line with the table that it comes from."""
        titles = [_("Table"), _("Line"), *self._titles(), *map(str, INDICATOR_TITLES[1:])]
        width = len(self._titles())
        rows: list[Sequence[Any]] = []
        for table in self.tables:
            for row in table.rows:
                values = [cell.value for cell in row.cells]
                filled = [*([""] * width), *values[1:]] if table.key == "indicateurs" else [*values, "", "", ""]
                if table.key == "indicateurs":
                    filled[0] = values[0]
                rows.append([table.title, row.label, *("" if value is None else value for value in filled)])
        return Table(titles, rows)

    def _titles(self) -> list[str]:
        shown = [self.report.shown[at] for at in self._columns]
        reached = [f"{line.label} ({line.unit})" for line in shown]
        return [_("Projects"), _("Total budget (€)"), _("Paid by the State (€)"), *reached]

    def _total(self) -> ShownTable:
        note = _("Sums of what the published sheets say; a sheet that leaves a figure empty adds nothing to it.")
        return ShownTable("total", _("Overall"), note, self._titles(), [self._row(self.report.total, 0)])

    def _cut(self, cut: ReportCut) -> ShownTable:
        titles = {
            "theme": _("By theme"),
            "territoire": _("By département"),
            "vague": _("By wave"),
            "porteur": _("By kind of holder"),
        }
        note = _("A project may count in several lines: they add up to more than the total.")
        longest = max((row.projects.contributors for row in cut.rows if self._may_read(row.projects)), default=0)
        rows = [self._row(row, longest) for row in cut.rows]
        return ShownTable(cut.key, titles[cut.key], "" if cut.is_partition else note, self._titles(), rows)

    def _indicators(self) -> ShownTable:
        titles = list(map(str, INDICATOR_TITLES))
        note = _("The rate compares the projects that give both a target and a result.")
        return ShownTable("indicateurs", _("Results"), note, titles, [self._indicator(line) for line in self._told()])

    def _told(self) -> Sequence[IndicatorLine]:
        return [line for line in self.report.indicators if self.sees_all or line.is_told()]

    def _row(self, row: ReportRow, longest: int) -> ShownRow:
        # The list says how many projects it holds: where that is hidden, no figure of the line leads to it.
        url = f"{reverse('project_sheets:list')}?{row.query}" if self._may_read(row.projects) else ""
        cells = [
            self._cell(row.projects, format_decimal, url),
            self._cell(row.budget, format_euros, url),
            self._cell(row.state, format_euros, url),
            *(self._cell(row.reached[at], format_decimal, url) for at in self._columns),
        ]
        bar = row.projects.contributors * 1000 // longest if longest and self._may_read(row.projects) else 0
        return ShownRow(row.label, cells, bar)

    def _indicator(self, line: IndicatorLine) -> ShownRow:
        rate = line.rate if self.sees_all or line.is_rate_open() else None
        url = reverse("project_sheets:indicator_report", args=[self.report.slug, line.slug])
        cells = [
            self._cell(Figure(Decimal(line.projects), line.projects), format_decimal, url),
            self._cell(line.target, format_decimal, url),
            self._cell(line.achieved, format_decimal, url),
            ShownCell(rate, format_percent(rate), url) if rate is not None else ShownCell(None, "–"),
        ]
        return ShownRow(f"{line.label} ({line.unit})", cells)

    def _may_read(self, figure: Figure) -> bool:
        return self.sees_all or figure.is_open()

    def _cell(self, figure: Figure, write: Any, url: str) -> ShownCell:
        if not self._may_read(figure):
            # A sum of euros that few projects make is no small sum: only a count says that it is small.
            is_count = figure.value == figure.contributors or figure.contributors >= LEAST
            is_small = is_count and not figure.is_withheld
            withheld = _("fewer than %(least)d") % {"least": LEAST} if is_small else _("withheld")
            return ShownCell(withheld, withheld)
        if figure.value is None:
            return ShownCell(None, "–")
        return ShownCell(figure.value, write(figure.value), url)
