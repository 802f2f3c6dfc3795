"""What the forms of organisers share."""

import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from directory.models import Organisation
from portal.core.validators import DIRECTIONS, validate_printable_line, validate_printable_text
from portal.taxonomy.forms import LinesField

LINE = [validate_printable_line]
TEXT = [validate_printable_text]
_BETWEEN = gettext_lazy("Choose a day between 2000 and 2100.")
#: Days that calendars can hold, with room for series: another year is a slip of the keyboard.
DAYS = [MinValueValidator(date(2000, 1, 1), _BETWEEN), MaxValueValidator(date(2100, 12, 31), _BETWEEN)]


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


def listed_organisations(named: Iterable[int] = ()) -> QuerySet[Organisation]:
    """Return the organisations of the directory, in its order, and those that are ``named`` already."""
    kept = Organisation.objects.filter(pk__in=list(named))
    return (Organisation.objects.listed() | kept).order_by("search_text")


class PrintableLinesField(LinesField):
    """A list of short texts, one per line, without the signs that nobody sees."""

    def to_python(self, value: Any) -> list[str]:
        """Return the lines without their control characters."""
        text = str(value or "").replace("\t", " ")
        kept = (sign for sign in text if sign in "\r\n" or unicodedata.category(sign) != "Cc")
        return super().to_python("".join(sign for sign in kept if sign not in DIRECTIONS))


def typed_in(form: forms.BaseForm, data: Any) -> dict[str, Any]:
    """Return what was typed into ``form``, unchecked: for a page that shows it again, not yet sent for good."""
    return {
        name: field.widget.value_from_datadict(data, {}, form.add_prefix(name)) for name, field in form.fields.items()
    }


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
