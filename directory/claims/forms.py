"""Forms of claims and of corrections."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from directory.claims.services import ClaimData
from portal.core.uploads import validate_document
from portal.core.validators import validate_printable_line, validate_printable_text


class ClaimForm(forms.Form):
    """What proves that somebody may manage an organisation: a professional address, a document, or both."""

    message = forms.CharField(
        label=_("What you do there"),
        max_length=500,
        validators=[validate_printable_text],
        help_text=_("One or two sentences: your function, and since when. The region’s animators read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    work_email = forms.EmailField(
        label=_("Professional address"),
        required=False,
        max_length=254,
        validators=[validate_printable_line],
        help_text=_("An address of the organisation: we mail it a link to confirm. It is shown on no page."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    proof = forms.FileField(
        label=_("Document"),
        required=False,
        max_length=200,
        validators=[validate_document],
        help_text=_(
            "PDF or office document: a certificate of employment, an extract of the official journal… "
            "The animators alone see it; it is deleted as soon as they have decided."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for at least one proof, at the field of the first."""
        cleaned = super().clean() or self.cleaned_data
        given = cleaned.get("work_email") or cleaned.get("proof")
        if not given and not {"work_email", "proof"} & self.errors.keys():
            self.add_error("work_email", _("Give a professional address, or choose a document below."))
        return cleaned

    @property
    def data_given(self) -> ClaimData:
        """What was written, as the service takes it."""
        cleaned = self.cleaned_data
        return ClaimData(cleaned["message"], cleaned.get("work_email") or "", cleaned.get("proof"))


class RefusalForm(forms.Form):
    """Why a claim is refused."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1_000,
        validators=[validate_printable_text],
        help_text=_("The person reads it as you write it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CorrectionForm(forms.Form):
    """What a reader found wrong. ``website`` is a trap: people do not see it, robots fill it in."""

    message = forms.CharField(
        label=_("What is wrong, and what is right"),
        max_length=1_000,
        validators=[validate_printable_text],
        help_text=_("1,000 signs at most. Write nothing that identifies a person whom you accompany."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_message(self) -> str:
        """Refuse what says nothing."""
        message = self.cleaned_data["message"].strip()
        if len(message) < 5:
            raise ValidationError(_("Write at least some words: what is wrong?"))
        return message

    @property
    def is_from_robot(self) -> bool:
        """Whether the trap was filled in."""
        return bool(self.cleaned_data.get("website"))
