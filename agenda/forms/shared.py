"""What the forms of organisers share."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from directory.models import Organisation
from portal.core.validators import validate_printable_line, validate_printable_text

LINE = [validate_printable_line]
TEXT = [validate_printable_text]


def markdown_field(label: Any, *, max_length: int, rows: int = 8) -> forms.CharField:
    """Return the field of a longer text."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=max_length,
        validators=TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=gettext_lazy("Markdown: **bold**, lists, [links](https://…)."),
    )


def listed_organisations() -> QuerySet[Organisation]:
    """Return the organisations of the directory, in its order."""
    return Organisation.objects.filter(is_listed=True).order_by("search_text")


class RowsFormSet(forms.BaseFormSet):
    """Rows of one kind: those that are there, and some empty ones; a row left empty is none."""

    @property
    def rows(self) -> list[Any]:
        """The forms that hold something and are to be kept."""
        return [
            form
            for form in self.forms
            if (form.has_changed() or form.initial) and not form.cleaned_data.get("is_removed")
        ]
