"""What people type or choose in the directory."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from directory.enums import DirectorySort, MemberSort
from directory.facets import Around
from directory.models import Membership
from directory.places import position_of
from portal.taxonomy.forms import AreasField
from portal.taxonomy.selectors import communes_matching

SLUG = re.compile(r"[-\w]{1,160}", re.ASCII)
#: More values of one filter than the page offers can only come from a machine.
MAX_CHOSEN = 50
#: Kilometres as the crow flies.
RADII = (5, 10, 20, 50, 100)
DEFAULT_RADIUS = 20


class SlugsField(forms.Field):
    """Values of one filter in the address; what is no slug is left out, as an old link deserves."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        """Return the well-formed values, each once."""
        found = [text for text in value or [] if SLUG.fullmatch(str(text))]
        return list(dict.fromkeys(found))[:MAX_CHOSEN]


class DirectoryFilterForm(forms.Form):
    """The state of the list of organisations, as the address holds it."""

    q = forms.CharField(
        label=_("Name or acronym"),
        required=False,
        max_length=100,
    )
    type = SlugsField(label=_("Kind of organisation"), required=False)
    theme = SlugsField(label=_("Theme"), required=False)
    territoire = SlugsField(label=_("Territory"), required=False)
    public = SlugsField(label=_("Audience"), required=False)
    reseau = SlugsField(label=_("Network"), required=False)
    verifiee = SlugsField(label=_("Verified page"), required=False)
    autour = forms.CharField(label=_("Around a municipality"), required=False, max_length=120)
    rayon = forms.Field(label=_("Within"), required=False)
    tri = forms.Field(required=False)

    def clean_rayon(self) -> int:
        """Return a known radius, in kilometres."""
        asked = str(self.cleaned_data["rayon"] or "")
        return int(asked) if asked in {str(radius) for radius in RADII} else DEFAULT_RADIUS

    def clean_autour(self) -> str:
        """Return the words without invisible signs."""
        return " ".join(self.cleaned_data["autour"].split())

    def clean(self) -> dict[str, Any]:
        """Find the place around which to look, and a known order: the first one where the address asks for another."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["around"] = self._around(cleaned.get("autour", ""), cleaned.get("rayon", DEFAULT_RADIUS))
        first = DirectorySort.DISTANCE if cleaned["around"] else DirectorySort.NAME
        asked = cleaned.get("tri")
        is_known = asked in DirectorySort.values and (asked != DirectorySort.DISTANCE or cleaned["around"])
        cleaned["tri"] = asked if is_known else first
        return cleaned

    def _around(self, words: str, radius: int) -> Around | None:
        if not words:
            return None
        places = communes_matching(words)
        if len(places) > 1:
            self.add_error("autour", _("Several municipalities are called so: add the postal code."))
            return None
        position = position_of(places[0]) if places else None
        if position is None:
            self.add_error("autour", _("Write the name and the postal code of a municipality. Example: Brest 29200"))
            return None
        return Around(places[0], position, radius)

    @property
    def radii(self) -> list[dict[str, Any]]:
        """The choices of the radius, as the component "choice" takes them."""
        chosen = self.cleaned_data.get("rayon", DEFAULT_RADIUS)
        return [
            {"value": radius, "label": _("%(km)d km") % {"km": radius}, "selected": radius == chosen}
            for radius in RADII
        ]


class MemberFilterForm(forms.Form):
    """The state of the members' directory, as the address holds it."""

    q = forms.CharField(label=_("Name, function, skill…"), required=False, max_length=100)
    theme = SlugsField(label=_("Theme"), required=False)
    territoire = SlugsField(label=_("Territory"), required=False)
    competence = SlugsField(label=_("Skill"), required=False)
    structure = SlugsField(label=_("Organisation"), required=False)
    tri = forms.Field(required=False)

    def clean_tri(self) -> str:
        """Return a known order, the first one where the address asks for another."""
        asked = self.cleaned_data["tri"]
        return asked if asked in MemberSort.values else MemberSort.NAME


class RoleForm(forms.Form):
    """The role of a person in an organisation."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[
            (Membership.Role.MEMBER, _("Member: is listed among its people")),
            (Membership.Role.EDITOR, _("Editor: writes in its name, too")),
            (Membership.Role.MANAGER, _("Manager: looks after its members, too")),
        ],
        widget=forms.RadioSelect,
    )


class HandOverForm(forms.Form):
    """The colleague who becomes the manager."""

    place = forms.ModelChoiceField(
        label=_("The next manager"), queryset=Membership.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, own: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = Membership.objects.active().held_by_members().filter(organisation=own.organisation_id)
        field: Any = self.fields["place"]
        field.queryset = colleagues.exclude(pk=own.pk).select_related("user").order_by("user__profile__search_text")
        field.label_from_instance = lambda place: f"{place.user} ({place.get_role_display()})"


class OrganisationForm(WagtailAdminModelForm):
    """An organisation in the admin: territories of action among regions and departments."""

    territories = AreasField(label=_("territories of action"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["territories"].offer_too(self.instance.territories.all())
