"""What a call's report reads: six queries, whatever the number of sheets."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portal.core.remember import remembered
from portal.taxonomy.models import Territory, normalize_name
from project_sheets.enums import FundingCategory
from project_sheets.filters import ONLINE, STATE, WITHOUT, WITHOUT_LABELS
from project_sheets.models import Call, FundingLine, IndicatorValue, ProjectSheetPage
from project_sheets.reports.figures import (
    IndicatorKey,
    IndicatorLine,
    Measured,
    ProjectFacts,
    ReportCut,
    ReportRow,
    cut,
    indicator_lines,
    row_of,
)

#: Indicators that have a column in every table: those that most projects measure.
SHOWN_INDICATORS = 2


@dataclass(frozen=True)
class CallReport:
    """The figures of one call, the same for all; who reads which is the page's to ask."""

    slug: str
    total: ReportRow
    cuts: Sequence[ReportCut]
    indicators: Sequence[IndicatorLine]
    shown: Sequence[IndicatorLine]


@remembered("sheets", "directory", "taxonomy")
def report_of(call_id: int, slug: str) -> CallReport:
    """Return the report of a call: its published sheets alone."""
    projects, labels = _read_projects(call_id)
    lines = indicator_lines(projects, labels)
    shown = [line for line in lines if line.achieved.value is not None][:SHOWN_INDICATORS]
    keys: list[IndicatorKey] = [(normalize_name(line.label), line.unit) for line in shown]
    # The report counts published sheets: so do the lists to which its figures lead.
    query = f"appel={slug}&{STATE}={ONLINE}"
    cuts = [
        cut(
            way.key,
            projects,
            way.groups_in(query),
            shown=keys,
            without=way.rest_in(query),
        )
        for way in _WAYS
    ]
    return CallReport(slug, row_of(_("All projects"), query, projects, keys), cuts, lines, shown)


@dataclass(frozen=True)
class _Way:
    """One way to cut the projects: ``key`` is the parameter of the list that keeps one group."""

    key: str
    read: Callable[[ProjectFacts], Iterable[tuple[object, str]]]

    def groups_in(self, query: str) -> Callable[[ProjectFacts], Iterable[tuple[str, str]]]:
        """Return what gives the groups of a project: the query of their list, and their label."""
        return lambda project: [(f"{query}&{self.key}={value}", label) for value, label in self.read(project)]

    def rest_in(self, query: str) -> tuple[str, str]:
        """Return the same of the projects that have no group."""
        return f"{query}&{WITHOUT}={self.key}", str(WITHOUT_LABELS[self.key])


_WAYS = (
    _Way("theme", lambda project: project.themes),
    _Way("territoire", lambda project: project.places),
    _Way("vague", lambda project: [project.wave] if project.wave else []),
    _Way("porteur", lambda project: [project.holder_kind] if project.holder_kind else []),
)


def call_by_slug(slug: str) -> Call | None:
    """Return a call with its programme, or None."""
    return Call.objects.select_related("programme").filter(slug=slug).first()


def sheets_named(keys: Sequence[int]) -> Sequence[ProjectSheetPage]:
    """Return these sheets in this order, with what names them: title, address and holder."""
    names = ("title", "url_path", "holder__name", "holder__slug")
    found = ProjectSheetPage.objects.live().select_related("holder").only(*names).in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _read_projects(call_id: int) -> tuple[Sequence[ProjectFacts], Mapping[IndicatorKey, str]]:
    sheets = ProjectSheetPage.objects.live().filter(call_id=call_id).order_by("title", "pk")
    names = ("pk", "wave_id", "wave__number", "wave__label", "holder__kind__slug", "holder__kind__name", "total_budget")
    projects = {}
    for key, wave, number, wave_label, kind, kind_name, budget in sheets.values_list(*names):
        wave_name = wave_label or _("Wave %(number)s") % {"number": number}
        projects[key] = ProjectFacts(
            key, (wave, wave_name) if wave else None, (kind, kind_name) if kind else None, budget
        )
    keys = sheets.order_by().values("pk")
    _read_funding(projects, keys)
    labels = _read_indicators(projects, keys)
    _read_themes(projects, keys)
    _read_places(projects, keys)
    return list(projects.values()), labels


def _read_funding(projects: Mapping[int, ProjectFacts], keys: Any) -> None:
    rows = FundingLine.objects.filter(sheet__in=keys).order_by().values_list("sheet", "category", "amount")
    for sheet, category, amount in rows:
        project = projects[sheet]
        project.funding = (project.funding or Decimal(0)) + amount
        if category == FundingCategory.STATE:
            project.state = (project.state or Decimal(0)) + amount


def _read_indicators(projects: Mapping[int, ProjectFacts], keys: Any) -> Mapping[IndicatorKey, str]:
    """Add up the years of each indicator; a year without a target of its own has the indicator's."""
    rows = IndicatorValue.objects.filter(indicator__sheet__in=keys).order_by("indicator__sheet", "indicator", "pk")
    labels: dict[IndicatorKey, str] = {}
    of_indicator = ("indicator__sheet", "indicator__label", "indicator__unit", "indicator__default_target")
    for sheet, label, unit, default, own, achieved in rows.values_list(*of_indicator, "target", "achieved"):
        key = (normalize_name(label), unit)
        labels.setdefault(key, label)
        target = own if own is not None else default
        before = projects[sheet].indicators.get(key, Measured(None, None))
        projects[sheet].indicators[key] = Measured(_plus(before.target, target), _plus(before.achieved, achieved))
    return labels


def _plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    if one is None or other is None:
        return one if other is None else other
    return one + other


def _read_themes(projects: Mapping[int, ProjectFacts], keys: Any) -> None:
    """A sheet on a theme is on the theme above it too, as in the list."""
    through = ProjectSheetPage.themes.through.objects.filter(projectsheetpage__in=keys).order_by()
    names = ("theme__slug", "theme__name", "theme__parent__slug", "theme__parent__name")
    for sheet, slug, name, above, above_name in through.values_list("projectsheetpage", *names):
        projects[sheet].themes.add((slug, name))
        if above:
            projects[sheet].themes.add((above, above_name))


def _read_places(projects: Mapping[int, ProjectFacts], keys: Any) -> None:
    """Give each sheet its départements, as the list finds them: all of a région that it covers whole."""
    through = ProjectSheetPage.territories.through.objects.filter(projectsheetpage__in=keys).order_by()
    names = ("territory", "territory__level", "territory__department", "territory__region")
    rows = list(through.values_list("projectsheetpage", *names))
    departments = {place.pk: place for place in Territory.objects.departments()}
    of_region: dict[int, list[Territory]] = defaultdict(list)
    for place in departments.values():
        of_region[place.region_id or 0].append(place)
    for sheet, territory, level, department, _region in rows:
        if level == Territory.Level.COUNTRY:
            found = list(departments.values())
        elif level == Territory.Level.REGION:
            found = of_region[territory]
        else:
            found = [departments[key] for key in (territory, department) if key in departments]
        projects[sheet].places |= {(place.public_code, str(place)) for place in found}
