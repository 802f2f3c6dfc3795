"""What people type or choose in the directory."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from directory.enums import DirectorySort, MemberSort
from directory.models import Membership
from portal.taxonomy.forms import AreasField

SLUG = re.compile(r"[-\w]{1,160}", re.ASCII)
#: More values of one filter than the page offers can only come from a machine.
MAX_CHOSEN = 50


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
    tri = forms.Field(required=False)

    def clean_tri(self) -> str:
        """Return a known order, the first one where the address asks for another."""
        asked = self.cleaned_data["tri"]
        return asked if asked in DirectorySort.values else DirectorySort.NAME


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


class OrganisationForm(WagtailAdminModelForm):
    """An organisation in the admin: territories of action among regions and departments."""

    territories = AreasField(label=_("territories of action"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["territories"].offer_too(self.instance.territories.all())
