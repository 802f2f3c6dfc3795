"""The form by which people ask to join."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.forms import BoundField
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation, OrganisationKind
from directory.naming import organisations_named
from portal.accounts.models import User
from portal.accounts.names import MAX_NAME, validate_name
from portal.core.validators import validate_printable_line, validate_printable_text
from portal.joining.selectors import (
    region_around,
    region_of,
    similar_organisations,
)
from portal.joining.services.registrations import RegistrationData
from portal.taxonomy.models import Territory
from portal.taxonomy.selectors import communes_matching

PROPOSE = "new"


def text_input(autocomplete: str, **attrs: str) -> forms.TextInput:
    """Return the input of one line that browsers may fill in."""
    return forms.TextInput(attrs={"autocomplete": autocomplete, **attrs})


class NewPasswordMixin(forms.Form):
    """A password that a new member may choose, judged with what the form says of them."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        max_length=200,
        strip=False,
        help_text=_(
            "15 signs at least: a sentence that you alone would write. Without one, you sign in by a link that we mail."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
    )

    def check_password(self, email: str) -> None:
        """Put the errors of the password at its field."""
        password = self.cleaned_data.get("password")
        if not password:
            return
        names = {name: self.cleaned_data.get(name, "") for name in ("first_name", "last_name")}
        try:
            validate_password(password, User(email=email, **names))
        except ValidationError as error:
            self.add_error("password", error)


def consent_field() -> forms.BooleanField:
    """Return the agreement without which nobody joins."""
    links = format_html(
        '<a href="/charte/">{}</a> · <a href="/donnees-personnelles/">{}</a>',
        _("Read the charter"),
        _("What becomes of your data"),
    )
    return forms.BooleanField(
        label=_("I agree to the charter of the community and to the use of my data to open and keep my account"),
        help_text=links,
        error_messages={"required": _("Your agreement is needed to join.")},
    )


class RegionField(forms.ModelChoiceField):
    """A region, named by its official code."""

    def __init__(self, **options: Any) -> None:
        regions = Territory.objects.current().regions()
        super().__init__(queryset=regions, to_field_name="code", required=False, **options)


class OrganisationPartForm(forms.Form):
    """An organisation found by its name among those of the directory, or else proposed.

    One page without script: the name alone where it is known; otherwise the page comes back with
    the organisations that it may mean, and with what is needed to propose a new one.
    """

    organisation_name = forms.CharField(
        label=_("Your organisation"),
        required=False,
        max_length=150,
        validators=[MinLengthValidator(3), validate_name],
        help_text=_("Its name or its acronym; leave empty if you act for none."),
        widget=text_input("organization", list="organisation-names"),
    )
    organisation_choice = forms.ChoiceField(
        label=_("Which one is it?"), required=False, widget=forms.RadioSelect, choices=()
    )
    proposed_kind = forms.ModelChoiceField(
        label=_("Kind of organisation"),
        queryset=OrganisationKind.objects.all(),
        to_field_name="slug",
        required=False,
        empty_label=_("Choose a kind"),
    )
    proposed_place = forms.CharField(
        label=_("Its municipality"),
        required=False,
        max_length=120,
        validators=[validate_printable_line],
        help_text=_("Name and postal code. Example: Brest 29200"),
        widget=text_input("address-level2"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_unknown:
            # What was chosen before the name was corrected counts no more.
            del self.fields["organisation_choice"]
            return
        offered = [(str(one.pk), _label_of(one)) for one in self.offered]
        self.fields["organisation_choice"].choices = [  # type: ignore[attr-defined]
            *offered,
            (PROPOSE, _("None of these: I propose mine")),
        ]

    @cached_property
    def _typed_name(self) -> str:
        typed = self.data.get(self.add_prefix("organisation_name"), "") if self.is_bound else ""
        return typed.replace("\x00", "").strip()[:150]

    @cached_property
    def _exact(self) -> list[Organisation]:
        return organisations_named(self._typed_name)

    @property
    def is_unknown(self) -> bool:
        """Whether the name alone does not say which organisation it is."""
        return bool(self._typed_name) and len(self._exact) != 1

    @cached_property
    def offered(self) -> list[Organisation]:
        """The organisations that the name may mean."""
        if not self.is_unknown:
            return []
        return self._exact or similar_organisations(self._typed_name)

    def clean(self) -> dict[str, Any]:
        """Find the organisation, or check what is proposed; the results are "organisation" and "proposed_seat"."""
        cleaned = super().clean() or self.cleaned_data
        cleaned |= {"organisation": None, "is_proposed": False, "proposed_seat": None}
        if not cleaned.get("organisation_name"):
            return cleaned
        if not self.is_unknown:
            cleaned["organisation"] = self._exact[0]
            return cleaned
        chosen = cleaned.get("organisation_choice", "")
        if self.offered and not chosen:
            if "organisation_choice" not in self.errors:
                self.add_error("organisation_choice", _("Choose your organisation in this list, or propose it."))
        elif chosen and chosen != PROPOSE:
            cleaned["organisation"] = next(one for one in self.offered if str(one.pk) == chosen)
        else:
            cleaned["is_proposed"] = True
            self._check_proposal(cleaned)
        return cleaned

    def _check_proposal(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("proposed_kind") and "proposed_kind" not in self.errors:
            self.add_error(
                "proposed_kind",
                _("The directory does not know this organisation: say what kind it is, or correct its name."),
            )
        if "proposed_place" in self.errors:
            return
        places = communes_matching(cleaned.get("proposed_place", ""))
        if len(places) == 1:
            cleaned["proposed_seat"] = places[0]
        elif places:
            self.add_error("proposed_place", _("Several municipalities are called so: add the postal code."))
        elif Territory.objects.filter(level=Territory.Level.COMMUNE).exists():
            self.add_error(
                "proposed_place", _("Write the name and the postal code of a municipality. Example: Brest 29200")
            )


def _label_of(organisation: Organisation) -> str:
    facts = [organisation.kind.name, *([str(organisation.seat)] if organisation.seat else [])]
    return f"{organisation.name} – {', '.join(facts)}"


class RegistrationForm(NewPasswordMixin, OrganisationPartForm):
    """A wish to join. ``website`` is a trap: people do not see it, robots fill it in."""

    uid = forms.CharField(widget=forms.HiddenInput, required=False)
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        validators=[validate_printable_line],
        help_text=_("Your professional one rather. It is shown to nobody. Example: name@example.fr"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    first_name = forms.CharField(
        label=_("First name"), max_length=MAX_NAME, validators=[validate_name], widget=text_input("given-name")
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=MAX_NAME, validators=[validate_name], widget=text_input("family-name")
    )
    job_title = forms.CharField(
        label=_("Your function"),
        max_length=120,
        validators=[validate_name],
        help_text=_("Example: employment counsellor"),
        widget=text_input("organization-title"),
    )
    region = RegionField(
        label=_("Your region"),
        empty_label=_("That of my organisation"),
        help_text=_("Its animators read your request. Without a region, the administrators do."),
    )
    message = forms.CharField(
        label=_("Why you join"),
        required=False,
        max_length=500,
        validators=[validate_printable_text],
        help_text=_("One or two sentences help the animators. 500 signs at most."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"] = consent_field()

    def clean(self) -> dict[str, Any]:
        """Judge the password with the rest, and deduce the region."""
        cleaned = super().clean()
        self.check_password(cleaned.get("email", ""))
        region = cleaned.get("region") or region_of(cleaned["organisation"]) or region_around(cleaned["proposed_seat"])
        return cleaned | {"region": region}

    @property
    def about_you(self) -> list[BoundField]:
        """Who asks."""
        return [self[name] for name in ("email", "first_name", "last_name", "job_title")]

    @property
    def about_organisation(self) -> list[BoundField]:
        """For whom they act: the name, then what it takes to tell which one it is."""
        asked = ["organisation_choice"] if self.offered else []
        asked += ["proposed_kind", "proposed_place"] if self.is_unknown else []
        return [self[name] for name in ("organisation_name", *asked)]

    @property
    def form_uid(self) -> UUID:
        """The identifier of this form; a missing or broken one is replaced, as it is nobody's fault."""
        try:
            return UUID(self.cleaned_data.get("uid", ""))
        except ValueError:
            return uuid4()

    @property
    def is_from_robot(self) -> bool:
        """Whether the trap was filled in."""
        return bool(self.cleaned_data.get("website"))

    @property
    def registration_data(self) -> RegistrationData:
        """What was written, as the service takes it."""
        cleaned = self.cleaned_data
        names = ("email", "first_name", "last_name", "job_title", "message", "password", "region", "organisation")
        data = {name: cleaned[name] for name in names}
        if cleaned["is_proposed"]:
            data |= {
                "proposed_name": cleaned["organisation_name"],
                "proposed_kind": cleaned["proposed_kind"],
                "proposed_seat": cleaned["proposed_seat"],
            }
        return RegistrationData(**data)
