"""What a sheet still lacks: to be published, and to be useful."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from project_sheets.models import ProjectSheetPage


@dataclass(frozen=True)
class Criterion:
    """One thing that a whole sheet has; ``anchor`` is its field or list in the step."""

    step: str
    label: str | Promise
    anchor: str
    is_met: Callable[[ProjectSheetPage], bool]
    is_required: bool = False


def _has(name: str) -> Callable[[ProjectSheetPage], bool]:
    return lambda sheet: bool(getattr(sheet, name))


def _any(relation: str) -> Callable[[ProjectSheetPage], bool]:
    return lambda sheet: bool(list(getattr(sheet, relation).all()))


def _has_dates(sheet: ProjectSheetPage) -> bool:
    return bool((sheet.start_date and sheet.end_date) or sheet.duration_months or sheet.stated_stage)


def _has_figures(sheet: ProjectSheetPage) -> bool:
    indicators = list(sheet.indicators.all())
    return any(
        indicator.default_target is not None or any(v.achieved is not None for v in indicator.values.all())
        for indicator in indicators
    )


CRITERIA: Sequence[Criterion] = (
    Criterion("identite", _("the summary"), "id_summary", _has("summary"), is_required=True),
    Criterion("identite", _("the project holder"), "id_holder", _has("holder_id"), is_required=True),
    Criterion("identite", _("the call for projects"), "id_call", _has("call_id"), is_required=True),
    Criterion("identite", _("the objective"), "id_objective", _has("objective")),
    Criterion("identite", _("the dates or the stage"), "dates", _has_dates),
    Criterion("publics", _("the audiences"), "public", _any("audiences"), is_required=True),
    Criterion("publics", _("the themes"), "themes", _any("themes"), is_required=True),
    Criterion("publics", _("at least one action"), "actions", _any("actions")),
    Criterion("territoire", _("at least one territory"), "territories", _any("territories"), is_required=True),
    Criterion("partenaires", _("at least one partner"), "partnerships", _any("partnerships")),
    Criterion("partenaires", _("the team"), "team_roles", _any("team_roles")),
    Criterion("financement", _("the total budget"), "id_total_budget", _has("total_budget")),
    Criterion("financement", _("who pays what"), "funding_lines", _any("funding_lines")),
    Criterion("resultats", _("an indicator with a figure"), "indicators", _has_figures),
    Criterion("resultats", _("the results in words"), "id_results", _has("results")),
    Criterion(
        "pieces-jointes", _("a document or a photo"), "documents", lambda s: _any("documents")(s) or _any("photos")(s)
    ),
)


@dataclass(frozen=True)
class Completeness:
    """How whole a sheet is."""

    missing: Sequence[Criterion]

    @property
    def score(self) -> int:
        """The share of what a whole sheet has, in per cent."""
        return round(100 * (len(CRITERIA) - len(self.missing)) / len(CRITERIA))

    @property
    def blocking(self) -> list[Criterion]:
        """What keeps it from being published."""
        return [criterion for criterion in self.missing if criterion.is_required]

    @property
    def advised(self) -> list[Criterion]:
        """What would make it more useful."""
        return [criterion for criterion in self.missing if not criterion.is_required]

    def of_step(self, slug: str) -> list[Criterion]:
        """Return what one step lacks."""
        return [criterion for criterion in self.missing if criterion.step == slug]


def completeness_of(sheet: ProjectSheetPage) -> Completeness:
    """Return what ``sheet``, a draft or not, still lacks."""
    return Completeness([criterion for criterion in CRITERIA if not criterion.is_met(sheet)])


@dataclass(frozen=True)
class Problem:
    """What keeps a draft from being published, and the step that mends it ("" where none does)."""

    step: str
    message: str


_STEP_OF_FIELD = {
    **dict.fromkeys(("audiences", "audience_conditions", "public_profile", "themes", "sectors", "body"), "publics"),
    **dict.fromkeys(("territories", "extra_regions"), "territoire"),
    **dict.fromkeys(("consortium_agreement_date", "partnerships", "team_roles"), "partenaires"),
    **dict.fromkeys(("total_budget", "stated_state_share", "funding_lines"), "financement"),
    **dict.fromkeys(("results", "indicators", "testimonies"), "resultats"),
    **dict.fromkeys(("documents", "photos"), "pieces-jointes"),
    **dict.fromkeys(("actions", "occupations"), "publics"),
}
CHILDREN = (
    *("actions", "team_roles", "partnerships", "funding_lines", "indicators", "testimonies", "documents", "photos"),
)


def problems_of(sheet: ProjectSheetPage) -> list[Problem]:
    """Return everything that the models refuse in a draft: its own fields, then each of its rows.

    A draft is saved unchecked, and Wagtail publishes a revision as it is: only this stands between
    an empty field and the public.
    """
    problems: list[Problem] = []
    try:
        sheet.full_clean()
    except ValidationError as error:
        problems += _told(sheet, error, lambda name: _STEP_OF_FIELD.get(name, "identite"))
    for relation in CHILDREN:
        for row in getattr(sheet, relation).all():
            try:
                row.full_clean(exclude=["sheet"], validate_unique=False, validate_constraints=False)
            except ValidationError as error:
                problems += _told(row, error, lambda _name, relation=relation: _STEP_OF_FIELD[relation])
    return problems + _financing_problems(sheet)


def _told(of: Any, error: ValidationError, step_of: Callable[[str], str]) -> list[Problem]:
    problems = []
    for name, messages in error.message_dict.items():
        try:
            label = str(of._meta.get_field(name).verbose_name)
        except LookupError:
            label = ""
        where = f"{of} – " if not isinstance(of, ProjectSheetPage) else ""
        for message in messages:
            told = f"{where}{label} : {message}" if label else f"{where}{message}"
            problems.append(Problem(step_of(name), told[:1].upper() + told[1:]))
    return problems


def _financing_problems(sheet: ProjectSheetPage) -> list[Problem]:
    lines = list(sheet.funding_lines.all())
    named = sum(line.amount or 0 for line in lines)
    if lines and sheet.total_budget is None:
        return [Problem("financement", str(_("Give the total budget: funding lines are shares of it.")))]
    if sheet.total_budget is not None and named > sheet.total_budget:
        return [Problem("financement", str(_("The funding lines add up to more than the total budget.")))]
    return []
