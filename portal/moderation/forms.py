"""What people type to report something, and to decide on it."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.validators import validate_printable_text
from portal.moderation.enums import ReportReason, ReportState


class ReportForm(forms.Form):
    """Why something should not be there."""

    uid = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.ChoiceField(label=_("What is wrong?"), choices=ReportReason.choices, widget=forms.RadioSelect)
    message = forms.CharField(
        label=_("Details"),
        required=False,
        max_length=1_000,
        validators=[validate_printable_text],
        help_text=_("What should the team look at? 1,000 signs at most."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a word of explanation where the reason says nothing."""
        values = super().clean() or {}
        if values.get("reason") == ReportReason.OTHER and not values.get("message"):
            self.add_error("message", _("Tell in a few words what is wrong."))
        return values

    @property
    def form_uid(self) -> UUID:
        """The identifier of this form; a missing or broken one is replaced, as it is nobody's fault."""
        try:
            return UUID(self.cleaned_data.get("uid", ""))
        except ValueError:
            return uuid4()


class DecisionForm(forms.Form):
    """What the team decides on everything that was reported of one thing."""

    state = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (ReportState.UPHELD, _("The report is right")),
            (ReportState.DISMISSED, _("Nothing to blame: close without follow-up")),
        ],
        widget=forms.RadioSelect,
    )
    hides = forms.BooleanField(label=_("Withdraw the content from the readers"), required=False)
    decision = forms.CharField(
        label=_("Your reasons"),
        max_length=1_000,
        validators=[validate_printable_text],
        help_text=_("Sent to the people who reported, without your name. 1,000 signs at most."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, may_hide: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_hide:
            del self.fields["hides"]

    def clean(self) -> dict[str, Any]:
        """Refuse to withdraw what is not to blame."""
        values = super().clean() or {}
        if values.get("hides") and values.get("state") == ReportState.DISMISSED:
            self.add_error("hides", _("Content that is not to blame stays. Untick this, or uphold the report."))
        return values
