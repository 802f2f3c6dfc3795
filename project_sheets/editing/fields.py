"""Fields of the form of a sheet: amounts as the French type them, organisations and territories by name."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from directory.naming import NAME_AND_PLACE, SUGGESTIONS, OrganisationNameField
from portal.core.money import format_decimal
from portal.joining.selectors import similar_organisations
from portal.taxonomy.models import Occupation, Territory, normalize_name
from portal.taxonomy.selectors import communes_matching

#: What people put between and after the figures of an amount.
_DECORATION = re.compile(r"[\s\u00a0\u202f€%]")


class FrenchDecimalField(forms.DecimalField):
    """A number typed as the French write it: « 2 000 845,50 € »."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_digits", 12)
        options.setdefault("decimal_places", 2)
        super().__init__(**options)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> Decimal | None:
        """Read spaces as thousands and a comma as the decimal sign; several dots as thousands too."""
        if isinstance(value, str):
            value = _DECORATION.sub("", value)
            if value.count(".") > 1 or ("." in value and "," in value):
                value = value.replace(".", "")
            value = value.replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Show a number with French spacing; what was typed and is wrong stays as it was typed."""
        return format_decimal(value) if isinstance(value, Decimal) else value


class OrganisationField(OrganisationNameField):
    """An organisation of the directory, among the suggestions of whoever asks to join: by words that names share."""

    datalist = "organisation-names"

    def likely(self, text: str) -> Sequence[Organisation]:
        """Return the organisations whose names share the words of ``text``."""
        return similar_organisations(text, limit=SUGGESTIONS)


class TerritoryField(forms.CharField):
    """A French territory, by its name: country, region, department, intercommunality or municipality."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 150)
        super().__init__(**options)
        self.widget.attrs |= {"list": "territory-names", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """Show the territory's name, with its number for a department."""
        return str(value) if isinstance(value, Territory) else value

    def clean(self, value: Any) -> Territory | None:  # type: ignore[override]
        """Return the territory that the text names; raises ValidationError when none or several have this name."""
        text = super().clean(value)
        if not text:
            return None
        found = _territories_named(text)
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(f"« {place.name} ({place.department.code}) »" for place in found[:6] if place.department)
            raise forms.ValidationError(
                _("Several places have this name. Write one of: %(names)s."), params={"names": names}
            )
        raise forms.ValidationError(
            _("“%(name)s” is no territory that the portal knows. Choose a region or a department in the list."),
            params={"name": text},
        )


def _territories_named(text: str) -> list[Territory]:
    """Return what ``text`` may mean: the largest territory of that name, else the municipalities of that name."""
    parts = NAME_AND_PLACE.fullmatch(text)
    wanted, code = normalize_name(text), ""
    if parts:
        wanted, code = normalize_name(parts["name"]), parts["place"].strip().upper()
    areas = Territory.objects.current().exclude(level=Territory.Level.COMMUNE).select_related("department")
    found = list(areas.filter(normalized_name=wanted))
    if code:
        found = [area for area in found if area.code == code and area.level == Territory.Level.DEPARTMENT]
        found += [place for place in communes_matching(wanted) if place.department and place.department.code == code]
        return found[:1]
    levels = [Territory.Level.COUNTRY, Territory.Level.REGION, Territory.Level.DEPARTMENT, Territory.Level.EPCI]
    for level in levels:
        if named := [area for area in found if area.level == level]:
            return named
    return communes_matching(text)


class OccupationField(forms.CharField):
    """An occupation of the ROME, by its name or its code."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 170)
        super().__init__(**options)
        self.widget.attrs |= {"list": "occupation-names", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """Show the occupation's name."""
        return value.name if isinstance(value, Occupation) else value

    def clean(self, value: Any) -> Occupation | None:  # type: ignore[override]
        """Return the occupation; raises ValidationError when there is none of this name or code."""
        text = super().clean(value)
        if not text:
            return None
        named = Occupation.objects.filter(name__iexact=text) | Occupation.objects.filter(code__iexact=text)
        if (found := named.order_by("code").first()) is None:
            raise forms.ValidationError(
                _("“%(name)s” is no occupation that the portal knows. Choose one in the list."), params={"name": text}
            )
        return found


class DayField(forms.DateField):
    """A day, with the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **options: Any) -> None:
        # The calendar sends the first form; people who type write the two others.
        super().__init__(input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"], **options)
