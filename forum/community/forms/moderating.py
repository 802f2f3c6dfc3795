"""Acts of moderators."""

from typing import Any

from django import forms
from django.core.validators import MinLengthValidator
from django.utils.translation import gettext_lazy as _

from forum.community.enums import Access, SanctionKind
from forum.community.models import Space
from forum.community.models.spaces import validate_free_slug
from forum.community.texts import MAX_LENGTH
from portal.accounts.circles import circle_choices
from portal.content.enums import ResourceKind
from portal.core.validators import validate_printable_line, validate_printable_text
from portal.moderation.forms import PersonalDataGuardMixin
from portal.taxonomy.models import Territory, Theme


class ReasonForm(forms.Form):
    """Why; written in the journal, and told to whom it concerns."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        validators=[MinLengthValidator(3), validate_printable_line],
        help_text=_("The author reads it. Say what the charter asks."),
    )


class MoveForm(forms.Form):
    """Where a discussion goes."""

    space = forms.ModelChoiceField(label=_("New space"), queryset=Space.objects.none())
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300, validators=[validate_printable_line])

    def __init__(self, *args: Any, spaces: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["space"]
        field.queryset = spaces


class MergeForm(forms.Form):
    """Into which discussion another goes: by the number in its address, or chosen among those found."""

    target = forms.IntegerField(
        label=_("Number of the discussion that stays"),
        min_value=1,
        max_value=2**31,
        help_text=_("It is in its address: /forum/logement/42-… has the number 42."),
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300, validators=[validate_printable_line])


class SplitForm(forms.Form):
    """Which messages leave, and the title of the discussion that they make."""

    subject = forms.CharField(
        label=_("Title of the new discussion"),
        max_length=120,
        validators=[MinLengthValidator(3), validate_printable_line],
    )
    messages = forms.MultipleChoiceField(label=_("Messages to take out"), widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300, validators=[validate_printable_line])

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["messages"]
        field.choices = choices


class ResourceForm(PersonalDataGuardMixin, forms.Form):
    """What a page of resource keeps of a discussion; read again by the guard, since everyone will read it."""

    guarded_fields = ("title", "summary", "text")

    title = forms.CharField(
        label=_("Title"), max_length=120, validators=[MinLengthValidator(8), validate_printable_line]
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=ResourceKind.choices)
    summary = forms.CharField(
        label=_("Summary"),
        max_length=400,
        validators=[validate_printable_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Two sentences: for whom, and what they find. 400 signs at most."),
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=MAX_LENGTH,
        validators=[validate_printable_text],
        widget=forms.Textarea(attrs={"rows": 16, "data-editor": ""}),
        help_text=_("In Markdown. Everyone will read it: keep what holds for others, and leave out who said it."),
    )


class SanctionForm(forms.Form):
    """A warning or a suspension."""

    DAYS = ((7, _("7 days")), (30, _("30 days")), (0, _("until further notice")))

    kind = forms.ChoiceField(label=_("Decision"), choices=SanctionKind.choices, widget=forms.RadioSelect)
    days = forms.TypedChoiceField(label=_("For how long"), choices=DAYS, coerce=int, required=False, empty_value=7)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        validators=[MinLengthValidator(10), validate_printable_text],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The person reads it."),
    )


class SpaceForm(forms.ModelForm):
    """A space of the forum."""

    name = forms.CharField(label=_("Name"), max_length=100, validators=[validate_printable_line])
    description = forms.CharField(
        label=_("What is discussed there"), max_length=280, required=False, validators=[validate_printable_line]
    )
    parent = forms.ModelChoiceField(
        label=_("Below"), required=False, queryset=Space.objects.select_related("forum"), empty_label=_("At the top")
    )

    class Meta:
        model = Space
        fields = ("slug", "theme", "access", "circle", "region", "animators_open", "needs_approval")
        widgets = {"access": forms.RadioSelect}

    field_order = ("name", "slug", "description", "parent", "theme", "access", "circle", "region")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        space: Space | None = kwargs.get("instance")
        if space is not None:
            said = {"name": space.forum.name, "description": str(space.forum.description or "")}
            kwargs["initial"] = said | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["circle"] = forms.ChoiceField(
            label=_("Circle"), required=False, choices=[("", _("None")), *circle_choices()]
        )
        themes: Any = self.fields["theme"]
        themes.queryset = Theme.objects.all()
        regions: Any = self.fields["region"]
        regions.queryset = Territory.objects.current().regions()
        self.fields["slug"].validators.append(validate_free_slug)
        if space is not None:
            del self.fields["parent"]
            self.fields["slug"].disabled = True

    def clean(self) -> dict[str, Any]:
        """Ask for a circle where a circle alone reads, and for none elsewhere."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("access") == Access.CIRCLE and not cleaned.get("circle"):
            self.add_error("circle", _("Choose who reads this space."))
        elif cleaned.get("access") != Access.CIRCLE:
            cleaned["circle"] = ""
        return cleaned


class CiteForm(forms.Form):
    """The sheet to which a discussion is linked: a search, then a choice."""

    q = forms.CharField(label=_("Name of the project"), max_length=100, required=False)
