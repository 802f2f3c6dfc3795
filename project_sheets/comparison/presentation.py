"""The rows of a comparison: one fact each, with what every sheet says of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.dates import format_day
from portal.core.money import format_decimal, format_euros, format_percent
from project_sheets.financing import Measure, MeasuredIndicator
from project_sheets.presentation import public_facts, team_lines
from project_sheets.selectors import MembersPart, SheetPresentation

Lines = Sequence[str]


@dataclass(frozen=True)
class ComparedRow:
    """One fact: ``cells`` holds the lines that each sheet has for it, in the order of the sheets."""

    label: str | Promise
    cells: Sequence[Lines]

    @property
    def is_same(self) -> bool:
        """Whether all sheets say the same."""
        return len(self.cells) > 1 and len({tuple(cell) for cell in self.cells}) == 1


@dataclass(frozen=True)
class ComparedGroup:
    """Rows under one heading."""

    title: str | Promise
    rows: Sequence[ComparedRow]


def compare(sheets: Sequence[SheetPresentation], *, only_differences: bool = False) -> Sequence[ComparedGroup]:
    """Return the groups of rows that any of ``sheets`` has something to say in."""
    groups = [
        (title, [ComparedRow(label, [read(sheet) for sheet in sheets]) for label, read in rows])
        for title, rows in _ROWS
    ]
    kept = [
        ComparedGroup(title, [row for row in rows if any(row.cells) and not (only_differences and row.is_same)])
        for title, rows in groups
    ]
    return [group for group in kept if group.rows]


def _line(value: object) -> Lines:
    return [str(value)] if value else []


def _names(relation: str) -> Callable[[SheetPresentation], Lines]:
    return lambda sheet: [str(word) for word in getattr(sheet, relation)]


def _of_members(read: Callable[[MembersPart], Lines]) -> Callable[[SheetPresentation], Lines]:
    """Ask the members' part alone: for a visitor there is none, and the row is empty."""
    return lambda sheet: read(sheet.members) if sheet.members else []


def _dates(sheet: SheetPresentation) -> Lines:
    if sheet.start_date and sheet.end_date:
        dates = {"start": format_day(sheet.start_date), "end": format_day(sheet.end_date)}
        return [_("%(start)s to %(end)s") % dates]
    return _line(format_day(sheet.start_date) or format_day(sheet.end_date))


def _duration(sheet: SheetPresentation) -> Lines:
    label = _("Duration")
    return [fact["value"] for fact in public_facts(sheet) if fact["label"] == label]


def _audiences(sheet: SheetPresentation) -> Lines:
    return [*(audience.name for audience in sheet.audiences), *_line(sheet.audience_conditions)]


def _partners(sheet: SheetPresentation) -> Lines:
    """Say each partner once, however many parts it takes."""
    named = (f"{partner.quantity} {partner.name}" if partner.quantity else partner.name for partner in sheet.partners)
    return list(dict.fromkeys(named))


def _budget(members: MembersPart) -> Lines:
    total = members.financing.total
    return [format_euros(total)] if total else []


def _state_share(members: MembersPart) -> Lines:
    financing = members.financing
    if financing.state_share is None or not financing.state_total:
        return []
    return [f"{format_percent(financing.state_share)} – {format_euros(financing.state_total)}"]


def _funders(members: MembersPart) -> Lines:
    return [f"{row.line.label} – {format_euros(row.line.amount)}" for row in members.financing.shares]


def _indicators(members: MembersPart) -> Lines:
    return [line for measured in members.indicators for line in _measures(measured)]


def _measures(measured: MeasuredIndicator) -> Lines:
    unit = measured.indicator.unit
    return [
        f"{measured.indicator.label} – {_measure(measure, unit)}"
        for measure in measured.measures
        if measure.achieved is not None or measure.target is not None
    ]


def _measure(measure: Measure, unit: str) -> str:
    year = f"{measure.year} : " if measure.year else ""
    achieved = "–" if measure.achieved is None else f"{format_decimal(measure.achieved)} {unit}"
    if measure.target is None:
        return f"{year}{achieved}"
    aim = _("target %(value)s") % {"value": format_decimal(measure.target)}
    rate = f", {format_percent(measure.rate)}" if measure.rate is not None else ""
    return f"{year}{achieved} ({aim}{rate})"


def _documents(members: MembersPart) -> Lines:
    return [f"{document.title} ({document.format} – {document.shown_size})" for document in members.documents]


Row = tuple[str | Promise, Callable[[SheetPresentation], Lines]]
_ROWS: Sequence[tuple[str | Promise, Sequence[Row]]] = (
    (
        gettext_lazy("The project in brief"),
        (
            (gettext_lazy("Summary"), lambda sheet: _line(sheet.summary)),
            (gettext_lazy("Project holder"), lambda sheet: _line(sheet.holder and sheet.holder.name)),
            (gettext_lazy("Call for projects"), lambda sheet: _line(sheet.call)),
            (gettext_lazy("Wave"), lambda sheet: _line(sheet.wave)),
            (gettext_lazy("Territory"), _names("territories")),
            (gettext_lazy("Stage"), lambda sheet: _line(sheet.stage and sheet.stage.label)),
            (gettext_lazy("Dates"), _dates),
            (gettext_lazy("Duration"), _duration),
        ),
    ),
    (
        gettext_lazy("For whom and on what"),
        (
            (gettext_lazy("Audience"), _audiences),
            (gettext_lazy("Themes"), _names("themes")),
            (gettext_lazy("Sectors"), _names("sectors")),
            (gettext_lazy("Occupations"), _names("occupations")),
            (gettext_lazy("Actions"), lambda sheet: list(sheet.action_titles)),
            (gettext_lazy("Partners"), _partners),
        ),
    ),
    (
        gettext_lazy("Means"),
        (
            (gettext_lazy("Total budget"), _of_members(_budget)),
            (gettext_lazy("Paid by the State"), _of_members(_state_share)),
            (gettext_lazy("Sources"), _of_members(_funders)),
            (gettext_lazy("Team"), _of_members(team_lines)),
        ),
    ),
    (
        gettext_lazy("Results"),
        (
            (gettext_lazy("Indicators"), _of_members(_indicators)),
            (gettext_lazy("Documents"), _of_members(_documents)),
        ),
    ),
)
