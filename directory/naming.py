"""An organisation named by whoever fills in a form: by its name, another name of it, or the address of its page."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from directory.duplicates.likeness import similar_to
from directory.models import Organisation
from portal.taxonomy.models import normalize_name

#: Where pages suggest names for the inputs of such fields: see ``static/directory/named.js``.
DATALIST = "structures-proches"
SUGGESTIONS = 4
#: Organisations whose names hold all the words, before these are compared whole.
CANDIDATES = 200
_ADDRESS = re.compile(r".*/annuaire/structures/(?P<slug>[-\w]{1,160})/?\s*", re.ASCII)
#: "Name (place)", as suggestions tell apart what has the same name.
NAME_AND_PLACE = re.compile(r"(?P<name>.+?)\s*\((?P<place>[^()]+)\)\s*")


def organisations_named(name: str) -> list[Organisation]:
    """Return the listed organisations whose name, acronym or other name is ``name``, without accents or case."""
    wanted = normalize_name(name)
    if not wanted:
        return []
    found = (
        Organisation.objects.listed()
        .matching(name)
        .select_related("kind", "seat")
        .prefetch_related("other_names")[:CANDIDATES]
    )
    return [one for one in found if wanted in _names_of(one)]


def organisations_called(text: str) -> list[Organisation]:
    """Return the listed organisations that ``text`` names: by an address, by a name, or by a name and its seat."""
    if address := _ADDRESS.fullmatch(text):
        return list(Organisation.objects.listed().filter(slug=address["slug"]).select_related("seat"))
    found = organisations_named(text)
    if not found and (parts := NAME_AND_PLACE.fullmatch(text)):
        place = normalize_name(parts["place"])
        named = organisations_named(parts["name"])
        return [one for one in named if one.seat and normalize_name(one.seat.name) == place]
    return found


def _names_of(organisation: Organisation) -> set[str]:
    names = [organisation.name, organisation.acronym, *(other.name for other in organisation.other_names.all())]
    return {normalize_name(name) for name in names}


class OrganisationNameField(forms.CharField):
    """An organisation of the directory: its name, acronym or other name, alone or with its seat, or its address.

    The form that holds it gives ``current``, the organisation that the field names already, and
    ``beside``, those that stand in the same field of other rows: a name that several organisations
    have means the one that it was shown for.
    """

    #: The list of suggestions in the page.
    datalist = DATALIST

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 300, **options})
        self.current: Organisation | None = None
        self.beside: Sequence[Organisation] = ()
        self.widget.attrs |= {"list": self.datalist, "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """Show the organisation's name."""
        return value.name if isinstance(value, Organisation) else value

    def clean(self, value: Any) -> Organisation | None:  # type: ignore[override]
        """Return the organisation, None where nothing is typed.

        Raises ValidationError, with the likeliest names, when there is none, or several.
        """
        text = super().clean(value)
        if not text:
            return None
        if (shown := self._shown_as(text)) is not None:
            return shown
        found = organisations_called(text)
        if len(found) == 1:
            return found[0]
        names = ", ".join(f"« {_full_name(one)} »" for one in (found or self.likely(text))[:SUGGESTIONS])
        if found:
            message = _("Several organisations have this name. Write one of: %(names)s, or the address of its page.")
        elif names:
            message = _("The directory has no organisation of this name. Did you mean %(names)s?")
        else:
            message = _("The directory has no organisation of this name.")
        raise ValidationError(message, params={"names": names})

    def likely(self, text: str) -> Sequence[Organisation]:
        """Return the organisations that ``text``, which names none, may mean."""
        return [candidate.organisation for candidate in similar_to(text, limit=SUGGESTIONS)]

    def _shown_as(self, text: str) -> Organisation | None:
        """Return the organisation that the form showed under this name, if it is one."""
        if self.current is not None and text == self.current.name:
            return self.current
        same = {one.pk: one for one in self.beside if one.name == text}
        return next(iter(same.values())) if len(same) == 1 else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare names."""
        return self.prepare_value(initial) != data


def _full_name(organisation: Organisation) -> str:
    return f"{organisation.name} ({organisation.seat.name})" if organisation.seat else organisation.name
