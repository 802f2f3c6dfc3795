"""An organisation named by whoever fills in a form: by its name, another name of it, or the address of its page."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from directory.duplicates.likeness import similar_to
from directory.models import Organisation, OrganisationQuerySet
from portal.core.validators import validate_printable_line
from portal.taxonomy.models import normalize_name

#: Where pages suggest names for the inputs of such fields: see ``static/directory/named.js``.
DATALIST = "structures-proches"
SUGGESTIONS = 4
#: Organisations whose names hold all the words, before these are compared whole.
CANDIDATES = 200
_ADDRESS = re.compile(r".*/annuaire/structures/(?P<slug>[-\w]{1,160})/?\s*", re.ASCII)


def organisations_named(name: str) -> list[Organisation]:
    """Return the listed organisations whose name, acronym or other name is ``name``, without accents or case."""
    wanted = normalize_name(name)
    if not wanted:
        return []
    found = _listed().matching(name).select_related("kind", "seat").prefetch_related("other_names")[:CANDIDATES]
    return [one for one in found if wanted in _names_of(one)]


def organisations_called(text: str) -> list[Organisation]:
    """Return the listed organisations that ``text`` names: as ``organisations_named``, or by an address."""
    if address := _ADDRESS.fullmatch(text):
        return list(_listed().filter(slug=address["slug"]).select_related("seat"))
    return organisations_named(text)


def _listed() -> OrganisationQuerySet:
    return Organisation.objects.filter(is_listed=True, merged_into=None)


def _names_of(organisation: Organisation) -> set[str]:
    names = [organisation.name, organisation.acronym, *(other.name for other in organisation.other_names.all())]
    return {normalize_name(name) for name in names}


class OrganisationNameField(forms.CharField):
    """The organisation that somebody names; ``current`` is the one that the form shows already, whatever its name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=300, required=False, validators=[validate_printable_line], **options)
        self.current: Organisation | None = None
        self.widget.attrs |= {"list": DATALIST, "autocomplete": "off"}

    def clean(self, value: Any) -> Organisation | None:
        """Return the organisation, None where nothing is typed; raises ValidationError, which names the likeliest."""
        text = super().clean(value)
        if not text:
            return None
        if self.current is not None and text == self.current.name:
            return self.current
        found = organisations_called(text)
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(
                _("Several organisations have this name: write the address of its page instead, such as %(url)s"),
                params={"url": found[0].get_absolute_url()},
            )
        near = ", ".join(candidate.organisation.name for candidate in similar_to(text, limit=SUGGESTIONS))
        if near:
            raise ValidationError(_("No organisation has this name. Perhaps: %(names)s"), params={"names": near})
        raise ValidationError(_("No organisation of the directory has this name."))
