"""What readers propose, and what is answered."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.validators import validate_printable_line, validate_printable_text
from project_sheets.editing.steps import STEPS
from project_sheets.models.upkeep import CORRECTION_LENGTH


class CorrectionForm(forms.Form):
    """A correction that a reader proposes."""

    use_required_attribute = False
    part = forms.ChoiceField(label=_("Which part of the sheet?"), required=False)
    text = forms.CharField(
        label=_("What should be corrected?"),
        max_length=CORRECTION_LENGTH,
        validators=[validate_printable_text],
        help_text=_("What the sheet says, and what it should say. Name nobody who is accompanied."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        max_length=254,
        validators=[validate_printable_line],
        help_text=_("Only if you want an answer. It is forgotten once you have it, and never shown."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, is_signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].choices = [("", _("I do not know")), *((step.slug, step.label) for step in STEPS)]  # type: ignore[attr-defined]
        if is_signed_in:
            del self.fields["email"]


class AnswerForm(forms.Form):
    """The answer to a correction."""

    use_required_attribute = False
    answer = forms.CharField(
        label=_("A word to the reader"),
        required=False,
        max_length=CORRECTION_LENGTH,
        validators=[validate_printable_text],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
