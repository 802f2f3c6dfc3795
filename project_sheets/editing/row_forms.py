"""The form of one row of each kind."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.core.validators import validate_printable_line, validate_printable_text
from project_sheets.editing.fields import (
    DayField,
    FrenchDecimalField,
    OccupationField,
    OrganisationField,
    TerritoryField,
)
from project_sheets.editing.rows import ModelRowForm, RowForm, RowKind, RowSet, child_rows
from project_sheets.models import (
    Action,
    FundingLine,
    Indicator,
    IndicatorValue,
    Partnership,
    SheetDocument,
    SheetPhoto,
    TeamRole,
    Testimony,
)

LINE, TEXT = [validate_printable_line], [validate_printable_text]
CHOOSE = _("Choose…")


def printable(form: Any, rows: int = 3) -> None:
    """Refuse invisible signs in every text of ``form``, and give long texts a modest area."""
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField) and not isinstance(field, forms.ModelMultipleChoiceField):
            field.empty_label = CHOOSE if field.required else ""
        elif isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelMultipleChoiceField):
            named = [choice for choice in field.choices if choice[0] != ""]
            if len(named) != len(list(field.choices)):
                field.choices = [("", CHOOSE if field.required else ""), *named]
        if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.HiddenInput):
            is_text = isinstance(field.widget, forms.Textarea)
            field.validators = [*field.validators, *(TEXT if is_text else LINE)]
            if is_text:
                # As many as Django gives to every text would make a step of three screens.
                field.widget.attrs |= {"rows": rows}
                field.widget.attrs.pop("cols", None)


class _Row(ModelRowForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, OrganisationField):
                # The key alone would show as a number, and say nothing of a field left as it was.
                self.initial[name] = field.current = getattr(self.instance, name)
        printable(self)

    def stand_among(self, rows: list[Any]) -> None:
        """Let each organisation of the draft be known again by the name under which it was shown."""
        for name, field in self.fields.items():
            if isinstance(field, OrganisationField):
                field.beside = [found for row in rows if (found := getattr(row, name)) is not None]


class ActionForm(_Row):
    """An action."""

    class Meta:
        model = Action
        fields = ["title", "body"]
        help_texts = {"title": _("Public."), "body": _("For members. Markdown is possible: **bold**, lists, links.")}


class TeamRoleForm(_Row):
    """A function in the team."""

    class Meta:
        model = TeamRole
        fields = ["label", "count"]
        help_texts = {
            "label": _("The function, never a person’s name."),
            "count": _("Leave it empty if it is not known."),
        }


class PartnershipForm(_Row):
    """A partner."""

    organisation = OrganisationField(
        label=_("Organisation"),
        required=False,
        help_text=_("Type its name and choose it in the directory."),
    )
    signed_on = DayField(label=_("Agreement signed on"), required=False)

    class Meta:
        model = Partnership
        fields = ["organisation", "label", "quantity", "role", "signed_on", "contribution"]
        labels = {"label": _("Or a group")}
        help_texts = {"label": _("For partners that are not one body: “the companies”, “local missions”.")}

    def _post_clean(self) -> None:
        # An organisation that was not found is told as that, and not as a missing one besides.
        if "organisation" not in self._errors:
            super()._post_clean()


class FundingLineForm(_Row):
    """A source of money."""

    amount = FrenchDecimalField(label=_("Amount"), min_value=0, help_text=_("In euros."))
    stated_share = FrenchDecimalField(
        label=_("Share, as printed"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        help_text=_("In per cent, if your own documents print it. The portal computes its own."),
    )
    funder = OrganisationField(label=_("Funder"), required=False, help_text=_("The body that decides."))
    channel = OrganisationField(
        label=_("Paid through"), required=False, help_text=_("Another body, if it is the one that pays.")
    )

    class Meta:
        model = FundingLine
        fields = [
            *("label", "category", "amount", "amount_status", "funder", "channel", "instrument", "qualifier"),
            "stated_share",
        ]


class ValueForm(_Row):
    """The figures of one year."""

    target = FrenchDecimalField(label=_("Target"), required=False, min_value=0)
    achieved = FrenchDecimalField(label=_("Achieved"), required=False, min_value=0)
    year = forms.IntegerField(
        label=_("Year"),
        required=False,
        min_value=1990,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4}),
    )

    class Meta:
        model = IndicatorValue
        fields = ["year", "target", "achieved", "note", "source"]


_load_values, _store_values = child_rows("values")
VALUES = RowKind(
    prefix="values",
    title=_("Figures by year"),
    row_title=_("Figures %(number)d"),
    add_label=_("Add a year"),
    form_class=ValueForm,
    load=_load_values,
    store=_store_values,
    help_text=_("An empty figure is unknown, it is not zero. Leave the year empty for the whole project."),
)


class IndicatorForm(_Row):
    """Something measured, with its figures."""

    default_target = FrenchDecimalField(
        label=_("Target"),
        required=False,
        min_value=0,
        help_text=_("Holds for every year that has no target of its own."),
    )

    class Meta:
        model = Indicator
        fields = ["label", "unit", "periodicity", "default_target"]
        help_texts = {"unit": _("“people”, “hours”…")}

    @cached_property
    def nested(self) -> RowSet:
        """The figures by year."""
        return RowSet(VALUES, self.instance, self.data if self.is_bound else None, prefix=f"{self.prefix}-values")

    def clean(self) -> dict[str, Any]:
        """Refuse a year given twice."""
        cleaned = super().clean() or self.cleaned_data
        years = [form.cleaned_data.get("year") for form in self.nested.kept if form.is_valid()]
        for form in reversed(self.nested.kept):
            if form.is_valid() and years.count(form.cleaned_data.get("year")) > 1:
                form.add_error("year", _("This year stands twice in this indicator."))
                break
        return cleaned


class TestimonyForm(_Row):
    """Words of somebody who agreed."""

    __test__ = False  # Not a class of tests, whatever pytest makes of its name.
    consent_date = DayField(label=_("Date of consent"), help_text=_("When the person agreed in writing."))

    class Meta:
        model = Testimony
        fields = ["quote", "author", "consent_date"]
        help_texts = {"author": _("A first name or a function, never a full name.")}


class PhotoForm(_Row):
    """A picture that is there already."""

    class Meta:
        model = SheetPhoto
        fields = ["alt", "has_consent"]

    def is_blank(self) -> bool:
        """A picture is there whether it is described or not."""
        return not self["row"].value()


class DocumentForm(_Row):
    """A file that is there already."""

    class Meta:
        model = SheetDocument
        fields = ["title", "kind"]

    def is_blank(self) -> bool:
        """A file is there whatever is written of it."""
        return not self["row"].value()


class TerritoryForm(RowForm):
    """A territory by its name."""

    value = TerritoryField(label=_("Territory"))


class OccupationForm(RowForm):
    """An occupation by its name."""

    value = OccupationField(label=_("Occupation"))


def many(relation: str) -> Any:
    """Return how to read and how to write words of a draft, each once."""

    def load(owner: Any) -> Any:
        return getattr(owner, relation).all()

    def store(owner: Any, words: list[Any]) -> None:
        setattr(owner, relation, list(dict.fromkeys(words)))

    return {"load": load, "store": store}


def children(relation: str) -> Any:
    """Return how to read and how to write rows of a draft."""
    load, store = child_rows(relation)
    return {"load": load, "store": store}


ACTIONS = RowKind(
    "actions", _("Actions"), _("Action %(number)d"), _("Add an action"), ActionForm, **children("actions")
)
TEAM = RowKind(
    "team_roles", _("Team"), _("Function %(number)d"), _("Add a function"), TeamRoleForm, **children("team_roles")
)
PARTNERS = RowKind(
    *("partnerships", _("Partners"), _("Partner %(number)d"), _("Add a partner"), PartnershipForm),
    **children("partnerships"),
    help_text=_("An organisation of the directory, or else a group that can be counted."),
)
FUNDING = RowKind(
    *("funding_lines", _("Who pays what"), _("Source %(number)d"), _("Add a source"), FundingLineForm),
    **children("funding_lines"),
)
INDICATORS = RowKind(
    *("indicators", _("Indicators"), _("Indicator %(number)d"), _("Add an indicator"), IndicatorForm),
    **children("indicators"),
)
TESTIMONIES = RowKind(
    *("testimonies", _("Testimonies"), _("Testimony %(number)d"), _("Add a testimony"), TestimonyForm),
    **children("testimonies"),
)
DOCUMENTS = RowKind(
    *("documents", _("Documents"), _("Document %(number)d"), "", DocumentForm),
    **children("documents"),
    is_added_by_upload=True,
)
PHOTOS = RowKind(
    *("photos", _("Photos"), _("Photo %(number)d"), "", PhotoForm), **children("photos"), is_added_by_upload=True
)
TERRITORIES = RowKind(
    *("territories", _("Territories"), _("Territory %(number)d"), _("Add a territory"), TerritoryForm),
    **many("territories"),
    help_text=_("Where the project is deployed: regions, departments, intercommunalities or municipalities."),
)
OCCUPATIONS = RowKind(
    *("occupations", _("Occupations"), _("Occupation %(number)d"), _("Add an occupation"), OccupationForm),
    **many("occupations"),
)
