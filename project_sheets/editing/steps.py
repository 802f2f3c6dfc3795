"""The steps of a sheet, and one of them in the hands of somebody."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import QueryDict
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import Organisation
from project_sheets.editing import row_forms
from project_sheets.editing.forms import (
    AudiencesForm,
    FilesForm,
    FinancingForm,
    IdentityForm,
    PartnersForm,
    ResultsForm,
    StepForm,
    TerritoryStepForm,
)
from project_sheets.editing.rows import RowForm, RowKind, RowSet, silence
from project_sheets.financing import Financing, compute_financing
from project_sheets.models import FundingLine, ProjectSheetPage


@dataclass(frozen=True)
class Step:
    """One page of the form."""

    slug: str
    label: str | Promise
    lead: str | Promise
    form_class: type[StepForm]
    rows: tuple[RowKind, ...] = ()
    #: The groups of fields that stand after the rows, by their anchor.
    last_groups: tuple[str, ...] = ()

    @property
    def stored_names(self) -> list[str]:
        """What of the sheet's content this step writes."""
        return [*self.form_class._meta.fields, *(kind.prefix for kind in self.rows)]


STEPS: tuple[Step, ...] = (
    Step(
        "identite",
        gettext_lazy("Identity"),
        gettext_lazy("What every visitor reads first. Write for somebody who does not know the project."),
        IdentityForm,
    ),
    Step(
        "publics",
        gettext_lazy("Audiences"),
        gettext_lazy("Whom the project is for, and what it does for them."),
        AudiencesForm,
        (row_forms.OCCUPATIONS, row_forms.ACTIONS),
        ("detail",),
    ),
    Step(
        "territoire",
        gettext_lazy("Territory"),
        gettext_lazy("People look for projects around them: say where yours takes place."),
        TerritoryStepForm,
        (row_forms.TERRITORIES,),
        ("regions",),
    ),
    Step(
        "partenaires",
        gettext_lazy("Partners"),
        gettext_lazy("Who works on the project. Names are public, contributions are for members."),
        PartnersForm,
        (row_forms.PARTNERS, row_forms.TEAM),
        ("accord",),
    ),
    Step(
        "financement",
        gettext_lazy("Financing"),
        gettext_lazy("For members. Give the amounts: the portal computes the shares."),
        FinancingForm,
        (row_forms.FUNDING,),
    ),
    Step(
        "resultats",
        gettext_lazy("Results"),
        gettext_lazy("For members. What was aimed at, what was achieved, what you learned."),
        ResultsForm,
        (row_forms.INDICATORS, row_forms.TESTIMONIES),
    ),
    Step(
        "pieces-jointes",
        gettext_lazy("Attachments"),
        gettext_lazy("Documents are for members; photos are public when the people on them agreed."),
        FilesForm,
        (row_forms.DOCUMENTS, row_forms.PHOTOS),
    ),
)
_BY_SLUG = {step.slug: step for step in STEPS}


def step_named(slug: str) -> Step | None:
    """Return the step whose address ends with ``slug``, if any."""
    return _BY_SLUG.get(slug)


def step_after(step: Step) -> Step | None:
    """Return the next step, or None after the last."""
    position = STEPS.index(step) + 1
    return STEPS[position] if position < len(STEPS) else None


def step_before(step: Step) -> Step | None:
    """Return the previous step, or None before the first."""
    position = STEPS.index(step)
    return STEPS[position - 1] if position else None


def fingerprint(step: Step, sheet: ProjectSheetPage) -> str:
    """Return a few signs that change when what ``step`` writes changes, and then alone.

    Keys and places of rows are left out: publishing gives them, and nobody typed them.
    """
    content = sheet.serializable_data()
    kept = {name: _without_keys(content.get(name)) for name in step.stored_names}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, default=str).encode()).hexdigest()[:20]


_KEYS = frozenset({"pk", "id", "sort_order", "sheet", "indicator"})


def _without_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_keys(entry) for name, entry in value.items() if name not in _KEYS}
    return [_without_keys(entry) for entry in value] if isinstance(value, list) else value


def with_known_organisations(sheet: ProjectSheetPage) -> ProjectSheetPage:
    """Give the rows of a draft the organisations that they name, in one query for all of them."""
    partners, lines = list(sheet.partnerships.all()), list(sheet.funding_lines.all())
    wanted = {row.organisation_id for row in partners} | {sheet.holder_id}
    wanted |= {key for line in lines for key in (line.funder_id, line.channel_id)}
    known = Organisation.objects.in_bulk(wanted - {None})
    for row in partners:
        row.organisation = known.get(row.organisation_id)
    for line in lines:
        line.funder, line.channel = known.get(line.funder_id), known.get(line.channel_id)
    sheet.holder = known.get(sheet.holder_id)
    return sheet


@dataclass(frozen=True)
class NamedField:
    """A field as a summary of errors names it: with its row."""

    bound: BoundField
    label: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.bound, name)


def value_of(field: BoundField) -> Any:
    """Return what stands in a field, read as it is checked; None for what is wrong or empty."""
    try:
        return field.field.clean(field.value())
    except ValidationError:
        return None


class StepEditor:
    """One step of one draft: its form and its rows, asked of as if they were one form."""

    def __init__(self, step: Step, draft: ProjectSheetPage, data: QueryDict | None = None) -> None:
        self.step = step
        self.draft = with_known_organisations(draft)
        self.form = step.form_class(data, instance=self.draft)
        self.row_sets = [RowSet(kind, self.draft, data) for kind in step.rows]

    def is_valid(self) -> bool:
        """Check the fields, the rows, and what concerns them together."""
        checks = [self.form.is_valid(), *(row_set.is_valid() for row_set in self.row_sets)]
        if isinstance(self.form, FinancingForm):
            lines = [form.cleaned_data for form in self.row_sets[0].kept if form.is_valid()]
            self.form.check_rows(lines)
        self.__dict__.pop("errors", None)
        return all(checks) and not self.form.errors

    def silence(self) -> None:
        """Show what was typed, unchecked: somebody added or moved a row, and is not done."""
        silence(self.form)
        for row_set in self.row_sets:
            row_set.silence()

    def give_focus(self, prefix: str) -> None:
        """Put the focus into the row of this prefix, where there is one."""
        for row_set in self.row_sets:
            for form in row_set.forms:
                below = form.nested.forms if form.nested is not None else []
                for one in (form, *below):
                    if one.prefix == prefix and (field := next(one.typed_fields, None)) is not None:
                        field.field.widget.attrs["autofocus"] = True

    @property
    def financing(self) -> Financing | None:
        """The shares of what is typed, each row beside its own; None in the other steps."""
        if not isinstance(self.form, FinancingForm):
            return None
        lines = [
            FundingLine(
                amount=value_of(form["amount"]) or Decimal(0),
                category=value_of(form["category"]) or "",
                stated_share=value_of(form["stated_share"]),
            )
            for form in self.row_sets[0].forms
        ]
        return compute_financing(value_of(self.form["total_budget"]), lines)

    def store(self) -> ProjectSheetPage:
        """Write what was typed on the draft, and return it; all must be valid."""
        self.form.store()
        for row_set in self.row_sets:
            row_set.store()
        return self.draft

    @property
    def row_forms(self) -> Iterator[RowForm]:
        """Yield the form of every row that holds something, those below rows too."""
        for row_set in self.row_sets:
            for form in row_set.kept:
                yield form
                if form.nested is not None:
                    yield from form.nested.kept

    # What the summary of errors asks of a form.

    @property
    def visible_fields(self) -> list[Any]:
        """Every field that a person fills in, named with its row."""
        fields: list[Any] = list(self.form.visible_fields())
        for form in self.row_forms:
            title = getattr(form, "heading", "")
            fields += [NamedField(field, f"{title}, {field.label}") for field in form.typed_fields]
        return fields

    @property
    def hidden_fields(self) -> list[BoundField]:
        """None that could be wrong."""
        return []

    @property
    def non_field_errors(self) -> list[str]:
        """What concerns no field."""
        found = [str(error) for error in self.form.non_field_errors()]
        found += [row_set.error for row_set in self.row_sets if row_set.error]
        for form in self.row_forms:
            if form.nested is not None and form.nested.error:
                found.append(f"{getattr(form, 'heading', '')} : {form.nested.error}")
            found += [f"{getattr(form, 'title', '')} : {error}" for error in form.non_field_errors()]
        return found

    @cached_property
    def errors(self) -> list[str]:
        """Everything that is wrong, as one list; empty in a form that was not sent."""
        if not self.form.is_bound:
            return []
        return [
            *self.non_field_errors,
            *(str(error) for field in self.visible_fields for error in field.errors),
        ]

    @property
    def error_notice(self) -> str:
        """What the summary says first."""
        return _("This step is not saved yet; what you typed is still here.")

    @property
    def groups(self) -> Iterator[dict[str, Any]]:
        """Yield the parts of the step in order: groups of fields, and lists of rows."""
        late = []
        for title, anchor, names in self.form.GROUPS:  # type: ignore[attr-defined]
            group = {"title": title, "id": anchor, "fields": [self.form[name] for name in names]}
            if anchor in self.step.last_groups:
                late.append(group)
            else:
                yield group
        for row_set in self.row_sets:
            yield {"title": row_set.kind.title, "id": row_set.kind.prefix, "rows": row_set}
        yield from late
