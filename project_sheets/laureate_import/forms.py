"""What an animator gives to import laureates."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from project_sheets.laureate_import.reading import read_lines
from project_sheets.models import Call


class LaureateFileForm(forms.Form):
    """A call and the file of its laureates; ``lines`` holds what the file says once it is valid."""

    call = forms.ModelChoiceField(Call.objects.order_by("-published_on", "title"), label=_("Call for projects"))
    file = forms.FileField(
        label=_("File of the laureates"),
        help_text=_("CSV or XLSX, 5 Mo at most. Nothing is created before you have seen what each line would do."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    lines: list[dict[str, Any]]

    def clean_file(self) -> Any:
        """Read the file; what is wrong with it as a whole is said at its field."""
        upload = self.cleaned_data["file"]
        try:
            self.lines = read_lines(upload.read())
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return upload


class ConfirmForm(forms.Form):
    """What to do with the lines that are right while others are wrong."""

    ALL, VALID = "all", "valid"
    mode = forms.ChoiceField(
        label=_("What to import"),
        choices=[
            (ALL, _("All or nothing: if a line is wrong, nothing is created")),
            (VALID, _("The right lines only: the others are left out")),
        ],
        initial=ALL,
        widget=forms.RadioSelect,
    )
