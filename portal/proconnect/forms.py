"""What a newcomer adds to what ProConnect says, and the domains that animators trust."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from portal.accounts.names import validate_name
from portal.core.validators import validate_printable_text
from portal.joining.forms.registration import OrganisationPartForm, RegionField, consent_field, text_input
from portal.joining.selectors import region_around, region_of, regions_animated_by
from portal.joining.services.registrations import RegistrationData
from portal.proconnect.models import DOMAIN
from portal.proconnect.newcomers import Newcomer


class NewcomerForm(OrganisationPartForm):
    """The function, the organisation and the agreement; ProConnect has said the rest."""

    uid = forms.CharField(widget=forms.HiddenInput, required=False)
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

    def __init__(self, *args: Any, newcomer: Newcomer, **kwargs: Any) -> None:
        self.newcomer = newcomer
        super().__init__(*args, **kwargs)
        self.fields["consent"] = consent_field()

    def clean(self) -> dict[str, Any]:
        """Deduce the region from the organisation where none is chosen."""
        cleaned = super().clean()
        region = cleaned.get("region") or region_of(cleaned["organisation"]) or region_around(cleaned["proposed_seat"])
        return cleaned | {"region": region}

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
    def registration_data(self) -> RegistrationData:
        """What ProConnect said and what was written, as the service takes it."""
        cleaned = self.cleaned_data
        data = {name: cleaned[name] for name in ("job_title", "message", "region", "organisation")}
        if cleaned["is_proposed"]:
            data |= {
                "proposed_name": cleaned["organisation_name"],
                "proposed_kind": cleaned["proposed_kind"],
                "proposed_seat": cleaned["proposed_seat"],
            }
        said = self.newcomer
        return RegistrationData(
            email=said.email, first_name=said.first_name, last_name=said.last_name, password="", **data
        )


class TrustedDomainForm(forms.Form):
    """A domain whose agents need no approval."""

    domain = forms.CharField(
        label=_("Domain"),
        max_length=253,
        help_text=_("What follows the @ of their addresses. Example: dreets.gouv.fr"),
        widget=text_input("off"),
    )
    region = RegionField(label=_("Region"), empty_label=_("Everywhere"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region: Any = self.fields["region"]
        region.queryset = regions_animated_by(user)
        if not user.is_superuser:
            region.required, region.empty_label = True, None

    def clean_domain(self) -> str:
        """Accept "@dreets.gouv.fr" too; refuse what is no domain."""
        domain: str = self.cleaned_data["domain"].strip().lower().removeprefix("@")
        if not DOMAIN.fullmatch(domain):
            raise ValidationError(_("Write a domain such as “dreets.gouv.fr”."))
        return domain
