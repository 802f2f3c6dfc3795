"""What members write of themselves."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.validators import MaxLengthValidator
from django.db.models import F
from django.db.models.functions import Coalesce
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.enums import Visibility
from directory.member_facets import frequent_skills
from directory.models import PROFILE_PARTS, Profile
from directory.services import ProfileChange
from portal.accounts.models import User
from portal.accounts.names import MAX_NAME, validate_name
from portal.core.images import clean_portrait
from portal.core.phones import clean_phone, format_phone
from portal.core.validators import validate_printable_line, validate_printable_text
from portal.taxonomy.models import Territory, Theme, normalize_name

MAX_SKILLS = 12
MAX_SKILL_LENGTH = 60
#: How many skills of other members are offered to tick.
OFFERED_SKILLS = 16
LINE = [validate_printable_line]

VISIBILITY_LABELS: dict[str, str | Promise] = {
    "name": _("Who reads your name?"),
    "job_title": _("Who reads your function?"),
    "photo": _("Who sees your photo?"),
    "organisations": _("Who reads your organisations?"),
    "presentation": _("Who reads your presentation?"),
    "skills": _("Who reads your skills?"),
    "themes": _("Who reads your themes?"),
    "territories": _("Who reads your territories?"),
    "contact_email": _("Who reads this e-mail address?"),
    "phone": _("Who reads your telephone number?"),
}


class SkillsField(forms.CharField):
    """Skills in one's own words, one per line or separated by commas."""

    def __init__(self, **options: Any) -> None:
        # Twelve skills and the line breaks between them, with room for blanks.
        super().__init__(max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}), **options)

    def clean(self, value: Any) -> list[str]:
        """Return the skills, each once, with single blanks; raises ValidationError for one that is too long."""
        text = str(super().clean(value)).replace(",", "\n").replace(";", "\n")
        named = {normalize_name(line): " ".join(line.split()) for line in text.splitlines()}
        named.pop("", None)
        if any(len(name) > MAX_SKILL_LENGTH for name in named.values()):
            raise forms.ValidationError(_("A skill is a few words: 60 signs at most."))
        for name in named.values():
            validate_printable_line(name)
        return list(named.values())


class MemberAreasField(forms.ModelMultipleChoiceField):
    """Regions, each followed by its departments, to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        region = Coalesce("region__normalized_name", "normalized_name")
        areas = Territory.objects.current().areas().select_related("region")
        super().__init__(queryset=areas.order_by(region, F("region").asc(nulls_first=True), "code"), **options)

    def label_from_instance(self, obj: Territory) -> str:  # type: ignore[override]
        """Tell a region from a department of the same name."""
        return str(_("%(name)s (whole region)") % {"name": obj.name}) if obj.level == obj.Level.REGION else str(obj)


class ProfileForm(forms.Form):
    """A member's profile: each part, and who reads it. The names stand on the account."""

    first_name = forms.CharField(
        label=_("First name"),
        max_length=MAX_NAME,
        validators=[validate_name],
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=MAX_NAME,
        validators=[validate_name],
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    job_title = forms.CharField(
        label=_("Function"),
        max_length=120,
        required=False,
        validators=LINE,
        help_text=_("Example: counsellor at a local mission."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        help_text=_(
            "JPEG, PNG or WebP, 10 MB at most. We cut a square in the middle and remove place, date and device."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    removes_photo = forms.BooleanField(label=_("Remove my photo"), required=False)
    presentation = forms.CharField(
        label=_("Presentation"),
        required=False,
        validators=[MaxLengthValidator(2_000), validate_printable_text],
        help_text=_("What you do and what the others can ask you. 2,000 signs at most, Markdown is possible."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    known_skills = forms.MultipleChoiceField(
        label=_("Skills that other members have"), required=False, widget=forms.CheckboxSelectMultiple
    )
    skills = SkillsField(
        label=_("Your other skills"),
        required=False,
        help_text=_("A few words each, separated by commas: “asylum law, interpreting”. 12 skills at most in all."),
    )
    themes = forms.ModelMultipleChoiceField(
        label=_("Themes"), required=False, queryset=Theme.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    territories = MemberAreasField(label=_("Territories of action"), required=False)
    contact_email = forms.EmailField(
        label=_("E-mail address to show"),
        required=False,
        max_length=254,
        validators=LINE,
        help_text=_("It may be another one than that of your account, which is never shown."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        required=False,
        max_length=30,
        help_text=_("Of your work. Example: 02 96 00 00 00."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    is_listed = forms.BooleanField(
        label=_("Show me in the members’ directory and in search"),
        required=False,
        help_text=_(
            "Without it, your page answers to nobody but you. Your name stays on the sheets that you look after."
        ),
    )

    #: Title of a group → its fields, each followed by who reads it.
    GROUPS: tuple[tuple[str | Promise, str, tuple[str, ...]], ...] = (
        (_("Who you are"), "identite", ("first_name", "last_name", "name", "job_title", "photo", "removes_photo")),
        (_("Your organisations"), "structures", ("organisations",)),
        (_("What you do"), "activite", ("presentation", "known_skills", "skills", "themes", "territories")),
        (_("How to reach you"), "contact", ("contact_email", "phone")),
    )

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        self.profile = profile
        offered = frequent_skills(OFFERED_SKILLS)
        kwargs["initial"] = {
            **_initial(profile, {skill.normalized_name for skill in offered}),
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        self.fields["known_skills"].choices = [(skill.normalized_name, skill.name) for skill in offered]  # type: ignore[attr-defined]
        if not offered:
            del self.fields["known_skills"]
            self.fields["skills"].label = _("Your skills")
        if not profile.photo:
            del self.fields["removes_photo"]
        for part in PROFILE_PARTS:
            self.fields[f"{part}_visibility"] = forms.ChoiceField(
                label=VISIBILITY_LABELS[part],
                choices=Visibility.choices,
                initial=getattr(profile, f"{part}_visibility"),
            )

    def groups(self) -> Iterator[dict[str, Any]]:
        """Yield each part of the page: its title, its anchor and its fields in order."""
        for title, anchor, names in self.GROUPS:
            yield {"title": title, "id": anchor, "fields": list(self._fields_of(names))}

    def _fields_of(self, names: tuple[str, ...]) -> Iterator[BoundField]:
        for name in names:
            if name in self.fields:
                yield self[name]
            # Two fields for the skills, one choice of readers after both.
            if name in PROFILE_PARTS:
                yield self[f"{name}_visibility"]

    def clean_photo(self) -> SimpleUploadedFile | None:
        """Return the photo drawn anew as a square; what cannot be read is said at the field."""
        upload = self.cleaned_data["photo"]
        return clean_portrait(upload) if upload else None

    def clean_phone(self) -> str:
        """Return the number in the one form that is kept."""
        return clean_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        """Count the skills of both fields together."""
        cleaned = super().clean() or self.cleaned_data
        if "skills" in cleaned and len(self._all_skills()) > MAX_SKILLS:
            self.add_error("skills", _("Choose 12 skills at most: the others find you by what you do best."))
        return cleaned

    def _all_skills(self) -> list[str]:
        names = dict(self.fields["known_skills"].choices) if "known_skills" in self.fields else {}  # type: ignore[attr-defined]
        ticked = [names[key] for key in self.cleaned_data.get("known_skills", [])]
        return list({normalize_name(name): name for name in [*self.cleaned_data["skills"], *ticked]}.values())

    @property
    def change(self) -> ProfileChange:
        """What the person wrote, for ``services.update_profile``; the form must be valid."""
        cleaned = self.cleaned_data
        return ProfileChange(
            account={name: cleaned[name] for name in ("first_name", "last_name", "job_title")},
            typed={name: cleaned[name] for name in ("presentation", "contact_email", "phone")},
            visibilities={part: cleaned[f"{part}_visibility"] for part in PROFILE_PARTS},
            skills=self._all_skills(),
            themes=cleaned["themes"],
            territories=cleaned["territories"],
            photo=cleaned["photo"],
            removes_photo=cleaned.get("removes_photo", False),
            is_listed=cleaned["is_listed"],
        )


def _initial(profile: Profile, offered: set[str]) -> dict[str, Any]:
    account: User = profile.user
    skills = list(profile.skills.all())
    return {
        "first_name": account.first_name,
        "last_name": account.last_name,
        "job_title": account.job_title,
        "presentation": profile.presentation,
        "known_skills": [skill.normalized_name for skill in skills if skill.normalized_name in offered],
        "skills": ", ".join(skill.name for skill in skills if skill.normalized_name not in offered),
        "themes": [theme.pk for theme in profile.themes.all()],
        "territories": [territory.pk for territory in profile.territories.all()],
        "contact_email": profile.contact_email,
        "phone": format_phone(profile.phone),
        "is_listed": profile.is_listed,
    }
