"""How one registers, what is asked, who presents what, files."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.enums import DocumentAccess, QuestionKind, RegistrationMode
from agenda.forms.shared import LINE, PrintableLinesField, RowsFormSet, listed_organisations, markdown_field
from agenda.models import Question
from directory.models import Organisation
from portal.core.uploads import validate_document


class RegistrationRulesForm(forms.Form):
    """How one registers."""

    registration_mode = forms.ChoiceField(
        label=gettext_lazy("Registration"), choices=RegistrationMode.choices, widget=forms.RadioSelect
    )
    registration_url = forms.URLField(
        label=gettext_lazy("Address of the other site"), required=False, max_length=300, assume_scheme="https"
    )
    opens_days_before = forms.IntegerField(
        label=gettext_lazy("Opens how many days before?"),
        required=False,
        min_value=0,
        max_value=730,
        help_text=gettext_lazy("Empty: at once."),
    )
    closes_hours_before = forms.IntegerField(
        label=gettext_lazy("Closes how many hours before?"), min_value=0, max_value=720
    )
    needs_approval = forms.BooleanField(label=gettext_lazy("The organisers approve each registration"), required=False)
    has_waiting_list = forms.BooleanField(label=gettext_lazy("A waiting list once it is full"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the address of the other site where registration is there."""
        cleaned = super().clean() or self.cleaned_data
        is_external = cleaned.get("registration_mode") == RegistrationMode.EXTERNAL
        if is_external and not cleaned.get("registration_url") and "registration_url" not in self.errors:
            self.add_error("registration_url", _("Give the address where one registers."))
        return cleaned


class QuestionForm(forms.Form):
    """One question."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    label = forms.CharField(
        label=gettext_lazy("Question"),
        required=False,
        max_length=200,
        validators=LINE,
        help_text=gettext_lazy("Ask for what you will use, and never for health, origin or opinions."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of answer"), choices=QuestionKind.choices)
    choices = PrintableLinesField(label=gettext_lazy("Choices, one per line"), required=False)
    is_required = forms.BooleanField(label=gettext_lazy("An answer is required"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the choices of a choice."""
        cleaned = super().clean() or self.cleaned_data
        is_choice = cleaned.get("kind") == QuestionKind.CHOICE and cleaned.get("label")
        if is_choice and len(cleaned.get("choices") or ()) < 2:
            self.add_error("choices", _("Write two choices at least, one per line."))
        return cleaned


class QuestionRows(RowsFormSet):
    """Questions: one without words is taken away."""

    @property
    def questions(self) -> list[dict[str, Any]]:
        """What is asked."""
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data.get("label")]
        names = ("pk", "label", "kind", "choices", "is_required")
        return [{name: data[name] for name in names} for data in kept]


QuestionFormSet = forms.formset_factory(QuestionForm, formset=QuestionRows, extra=2, max_num=12, validate_max=True)


def question_initial(question: Question) -> dict[str, Any]:
    """Return what the form of a question shows."""
    return {name: getattr(question, name) for name in ("pk", "label", "kind", "choices", "is_required")}


class ProgrammeForm(forms.Form):
    """What follows the event; who presents what stands in rows beside it."""

    follow_up = markdown_field(gettext_lazy("What follows"), max_length=5_000, rows=4)


class ContributionForm(forms.Form):
    """What an organisation presents."""

    title = forms.CharField(label=gettext_lazy("Subject"), required=False, max_length=200, validators=LINE)
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"), required=False, queryset=Organisation.objects.none()
    )
    body = markdown_field(gettext_lazy("In more words"), max_length=5_000, rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # One that left the directory since stays where it was.
        named = self.initial.get("organisation")
        self.fields["organisation"].queryset = listed_organisations([named] if named else [])  # type: ignore[attr-defined]


class ContributionRows(RowsFormSet):
    """Contributions: one without a subject is taken away."""

    @property
    def contributions(self) -> list[dict[str, Any]]:
        """What is presented."""
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data.get("title")]
        return [{name: data[name] for name in ("title", "organisation", "body")} for data in kept]


ContributionFormSet = forms.formset_factory(ContributionForm, formset=ContributionRows, extra=2, max_num=20)


class DocumentForm(forms.Form):
    """One file to add."""

    title = forms.CharField(
        label=gettext_lazy("Title of the document"),
        max_length=200,
        validators=LINE,
        help_text=gettext_lazy("What the document is, not the name of the file."),
    )
    file = forms.FileField(label=gettext_lazy("File"), validators=[validate_document])
    access = forms.ChoiceField(label=gettext_lazy("Who reads it?"), choices=DocumentAccess.choices)
