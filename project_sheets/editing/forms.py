"""The form of each step of a sheet, and those of what is done around it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from portal.core.images import clean_picture
from portal.core.money import format_euros
from portal.core.uploads import validate_document
from portal.core.validators import validate_printable_line, validate_printable_text
from portal.taxonomy.models import Audience, Sector, Territory, Theme
from project_sheets.editing.fields import DayField, FrenchDecimalField, OrganisationField
from project_sheets.editing.row_forms import printable
from project_sheets.editing.rows import KnownFieldsMixin
from project_sheets.enums import DocumentKind
from project_sheets.models import Call, ProjectSheetPage, RegionIndexPage, Wave

#: What a sheet must have to be published; until then each of them may wait.
REQUIRED_FIELDS = frozenset({"summary", "holder", "call", "themes", "audiences"})


class StepForm(KnownFieldsMixin, forms.ModelForm):
    """Some fields of a sheet. A draft is saved as it is: what is missing is asked for when it is submitted."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = name in REQUIRED_FIELDS or name == "title"
            if isinstance(field, OrganisationField):
                self.initial[name] = field.current = getattr(self.instance, name)
            if isinstance(field.widget, forms.CheckboxSelectMultiple):
                self.initial[name] = [word.pk for word in getattr(self.instance, name).all()]
        printable(self, rows=6)

    def full_clean(self) -> None:
        """Check all that was typed; say "required" of the title alone."""
        deferred = [name for name in self.fields if name in REQUIRED_FIELDS]
        for name in deferred:
            self.fields[name].required = False
        super().full_clean()
        for name in deferred:
            self.fields[name].required = True

    def store(self) -> None:
        """Write the fields on the draft, which stays unsaved; the form must be valid."""
        self._save_m2m()


class IdentityForm(StepForm):
    """What the project is, who carries it, when, under which call."""

    holder = OrganisationField(
        label=_("Project holder"), help_text=_("Type the name of the organisation and choose it in the directory.")
    )
    award_date = DayField(label=_("Awarded on"))
    start_date = DayField(label=_("Start"))
    end_date = DayField(label=_("End"))
    retrieved_on = DayField(label=_("Source read on"))
    source_url = forms.URLField(label=_("Source"), max_length=200, assume_scheme="https")
    wave = forms.ModelChoiceField(
        label=_("Wave"), queryset=Wave.objects.select_related("call").order_by("call__title", "number"), empty_label=""
    )

    class Meta:
        model = ProjectSheetPage
        fields = [
            *("title", "acronym", "summary", "objective", "holder", "call", "wave", "award_date", "start_date"),
            *("end_date", "duration_months", "stated_stage", "source_url", "source_label", "retrieved_on"),
        ]
        help_texts = {
            "title": _("As people know it: “ADVENTUS”, “A platform for…”."),
            "objective": _("What the project wants to change. Markdown is possible: **bold**, lists, links."),
        }

    GROUPS = (
        (_("The project"), "projet", ("title", "acronym", "summary", "objective", "holder")),
        (_("The call"), "appel", ("call", "wave", "award_date")),
        (_("Its dates"), "dates", ("start_date", "end_date", "duration_months", "stated_stage")),
        (_("Where these facts come from"), "source", ("source_url", "source_label", "retrieved_on")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].label = _("Name of the project")
        self.fields["title"].help_text = self._meta.help_texts["title"]  # type: ignore[index]
        self.fields["summary"].widget.attrs |= {"rows": 3}
        self.fields["wave"].label_from_instance = lambda wave: f"{wave.call.short_title or wave.call.title} – {wave}"  # type: ignore[attr-defined]
        self.fields["call"].queryset = Call.objects.order_by("-published_on", "title")  # type: ignore[attr-defined]


def _words(model: Any, label: Any, help_text: Any = "") -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        label=label, queryset=model.objects.all(), widget=forms.CheckboxSelectMultiple, help_text=help_text
    )


class AudiencesForm(StepForm):
    """Whom the project is for, and what it does for them."""

    audiences = _words(Audience, _("Audiences"))
    themes = _words(Theme, _("Themes"), _("The needs that the project meets, the obstacles that it lifts."))
    sectors = _words(Sector, _("Sectors of activity"))

    class Meta:
        model = ProjectSheetPage
        fields = ["audiences", "audience_conditions", "public_profile", "themes", "sectors", "body"]

    GROUPS = (
        (_("Who it is for"), "public", ("audiences", "audience_conditions", "public_profile")),
        (_("Themes"), "themes", ("themes",)),
        (_("Sectors of activity"), "secteurs", ("sectors",)),
        (_("The project in detail"), "detail", ("body",)),
    )


class TerritoryStepForm(StepForm):
    """Where it takes place."""

    extra_regions = forms.ModelMultipleChoiceField(
        label=_("Other regions"),
        queryset=Territory.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where the project also stands, besides the region whose team reads this sheet."),
    )

    class Meta:
        model = ProjectSheetPage
        fields = ["extra_regions"]

    GROUPS = ((_("Other regions"), "regions", ("extra_regions",)),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["extra_regions"].queryset = Territory.objects.current().regions()  # type: ignore[attr-defined]


class PartnersForm(StepForm):
    """Who works on it."""

    consortium_agreement_date = DayField(label=_("Consortium agreement signed on"))

    class Meta:
        model = ProjectSheetPage
        fields = ["consortium_agreement_date"]

    GROUPS = ((_("Agreement"), "accord", ("consortium_agreement_date",)),)


class FinancingForm(StepForm):
    """Who pays what; the shares are computed."""

    total_budget = FrenchDecimalField(label=_("Total budget"), min_value=1, help_text=_("In euros."))

    class Meta:
        model = ProjectSheetPage
        fields = ["total_budget", "stated_state_share"]
        help_texts = {"stated_state_share": _("If your own documents print it: “nearly 80 %”.")}

    GROUPS = ((_("Budget"), "budget", ("total_budget", "stated_state_share")),)

    def check_rows(self, lines: list[dict[str, Any]]) -> None:
        """Refuse sources that add up to more than the total, or shares without a total."""
        total = self.cleaned_data.get("total_budget")
        named = sum((line["amount"] for line in lines if line.get("amount") is not None), Decimal(0))
        if "total_budget" in self.errors:
            return
        if total is None and named:
            self.add_error("total_budget", _("Give the total budget: funding lines are shares of it."))
        elif total is not None and named > total:
            message = _("The funding lines add up to %(sum)s, more than this total.") % {"sum": format_euros(named)}
            self.add_error("total_budget", message)


class ResultsForm(StepForm):
    """What it changed."""

    class Meta:
        model = ProjectSheetPage
        fields = ["results"]

    GROUPS = ((_("Results in words"), "resultats", ("results",)),)


class FilesForm(StepForm):
    """Files and pictures: the rows hold all of it."""

    class Meta:
        model = ProjectSheetPage
        fields: list[str] = []

    GROUPS = ()


class DocumentUploadForm(forms.Form):
    """A file to add."""

    use_required_attribute = False
    file = forms.FileField(
        label=_("File"),
        validators=[validate_document],
        help_text=_("PDF, OpenDocument or Office file, 20 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.odt,.ods,.odp,.docx,.xlsx,.pptx"}),
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        validators=[validate_printable_line],
        help_text=_("What the document is, not the name of the file."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=DocumentKind.choices, initial=DocumentKind.OTHER)


class PhotoUploadForm(forms.Form):
    """A picture to add."""

    use_required_attribute = False
    file = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, 10 MB at most. We remove place, date and device."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    alt = forms.CharField(
        label=_("Description"),
        max_length=200,
        required=False,
        validators=[validate_printable_line],
        help_text=_("What the picture shows; empty if it only decorates."),
    )
    credit = forms.CharField(label=_("Credit"), max_length=160, required=False, validators=[validate_printable_line])
    has_consent = forms.BooleanField(
        label=_("The people shown agreed to this picture being published"),
        required=False,
        help_text=_("Without it the picture stays in your draft and is not shown."),
    )

    def clean_file(self) -> SimpleUploadedFile:
        """Draw the picture anew; what cannot be read is said at the field."""
        return clean_picture(self.cleaned_data["file"])


class NewSheetForm(forms.Form):
    """What a sheet begins with."""

    use_required_attribute = False
    title = forms.CharField(
        label=_("Name of the project"),
        max_length=255,
        validators=[validate_printable_line],
        help_text=_("As people know it. You can change it later."),
    )
    holder = OrganisationField(
        label=_("Project holder"),
        help_text=_("The organisation that carries the project: type its name and choose it in the directory."),
    )
    region = forms.ModelChoiceField(
        label=_("Region"),
        queryset=RegionIndexPage.objects.none(),
        empty_label=None,
        help_text=_("Its team reads the sheet before it is published."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = RegionIndexPage.objects.live().exclude(territory=None).order_by("title")
        self.fields["region"].queryset = regions  # type: ignore[attr-defined]


class OnBehalfForm(forms.Form):
    """In whose name somebody acts."""

    on_behalf_of = forms.ModelChoiceField(
        label=_("In the name of"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Nobody but myself"),
    )

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["on_behalf_of"]
        field.queryset = Organisation.objects.filter(pk__in=[one.pk for one in organisations])  # type: ignore[attr-defined]
        field.initial = organisations[0].pk if organisations else None
        if not organisations:
            del self.fields["on_behalf_of"]


class SubmitForm(OnBehalfForm):
    """To propose a sheet."""

    note = forms.CharField(
        label=_("A word to the team"),
        required=False,
        max_length=1_000,
        validators=[validate_printable_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What changed, what you doubt. Only the team reads it."),
    )
    field_order = ["on_behalf_of", "note"]


class ColleagueForm(OnBehalfForm):
    """A colleague to invite, or to whom a sheet is handed over."""

    use_required_attribute = False
    email = forms.EmailField(
        label=_("E-mail address of your colleague"),
        max_length=254,
        validators=[validate_printable_line],
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    hands_over = forms.BooleanField(
        label=_("Hand the sheet over: my colleague looks after it in my place"),
        required=False,
        help_text=_("You stay until your colleague accepts."),
    )
    field_order = ["email", "hands_over", "on_behalf_of"]
