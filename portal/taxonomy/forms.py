"""Form fields and admin forms of the taxonomy."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from portal.taxonomy.models import Territory

CODES = Path(__file__).parent / "data" / "data_inclusion_codes.json"


@cache
def data_inclusion_codes(kind: str) -> frozenset[str]:
    """Return the codes of ``kind`` ("thematiques" or "publics") in the schema that we follow."""
    return frozenset(json.loads(CODES.read_text(encoding="utf-8"))[kind])


class LinesField(forms.CharField):
    """A list of short texts, typed one per line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> str:
        """Show a stored list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        """Return the lines that hold something, each once."""
        return list(dict.fromkeys(line.strip() for line in super().to_python(value).splitlines() if line.strip()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare lists, not the text of a list."""
        return (initial or []) != self.to_python(data or "")


class AreasField(forms.ModelMultipleChoiceField):
    """Regions and departments to choose from; with 35,000 municipalities a list would be no choice.

    What an object already names is offered too, so that saving its form never loses a municipality.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Territory.objects.current().areas(), **options)

    def offer_too(self, chosen: Any) -> None:
        """Add the territories of the iterable ``chosen`` to the choices."""
        ids = [territory.pk for territory in chosen]
        current = Territory.objects.current().areas()
        self.queryset = Territory.objects.filter(pk__in=ids) | current


class ThemeForm(WagtailAdminModelForm):
    """A theme: lists are typed line by line, codes are those of data·inclusion."""

    synonyms = LinesField(label=_("synonyms"), required=False, help_text=_("One per line."))
    di_codes = LinesField(
        label=_("data·inclusion codes"), required=False, help_text=_("One code of the “thematiques” per line.")
    )

    def clean_di_codes(self) -> list[str]:
        """Refuse what is no code of data·inclusion, naming it."""
        codes = self.cleaned_data["di_codes"]
        unknown = [code for code in codes if code not in data_inclusion_codes("thematiques")]
        if unknown:
            raise forms.ValidationError(
                _("Unknown to data·inclusion: %(codes)s."), params={"codes": ", ".join(unknown)}
            )
        return codes


class AudienceForm(WagtailAdminModelForm):
    """An audience; its code is one of data·inclusion."""

    def clean_di_code(self) -> str:
        """Refuse what is no code of data·inclusion."""
        code = self.cleaned_data["di_code"]
        if code and code not in data_inclusion_codes("publics"):
            raise forms.ValidationError(_("Unknown to data·inclusion: %(codes)s."), params={"codes": code})
        return code
