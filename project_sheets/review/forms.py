"""What a region's team writes of a sheet."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.validators import validate_printable_text
from project_sheets.editing.steps import STEPS
from project_sheets.models import ProjectSheetPage

TEXT_LENGTH = 3_000
PLANNED_AT_MOST = timedelta(days=366)


def _text(label: Any, help_text: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=TEXT_LENGTH,
        validators=[validate_printable_text],
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def _moment(*, required: bool, help_text: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=_("Publish on"),
        required=required,
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M", "%d/%m/%Y"],
        help_text=help_text,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class _PlannedForm(forms.Form):
    """A form that says when a sheet goes online."""

    use_required_attribute = False
    #: What is told of a moment that is past.
    past: Any = ""

    def clean_publish_at(self) -> datetime | None:
        """Refuse a moment that is past or very far."""
        moment = self.cleaned_data["publish_at"]
        if moment and moment < timezone.now():
            raise forms.ValidationError(self.past)
        if moment and moment > timezone.now() + PLANNED_AT_MOST:
            raise forms.ValidationError(_("Plan a publication within the year."))
        return moment  # type: ignore[no-any-return]


class ApprovalForm(_PlannedForm):
    """To accept a sheet, now or later."""

    past = _("This moment is past: leave the field empty to publish at once.")
    text = _text(_("A word to whoever wrote it"), _("It goes with the mail."), required=False)
    publish_at = _moment(required=False, help_text=_("Leave it empty to publish at once."))


class PlanForm(_PlannedForm):
    """To put off or bring forward a publication that is planned."""

    past = _("This moment is past: choose a later one, or publish now.")
    publish_at = _moment(required=True, help_text=_("Day and hour, in the time of metropolitan France."))


class CallOffForm(forms.Form):
    """To call off a publication that is planned."""

    use_required_attribute = False
    text = _text(_("Reason"), _("It is mailed to the people who look after the sheet."))


class ChangesForm(forms.Form):
    """To ask for changes."""

    use_required_attribute = False
    text = _text(_("What is to be changed"), _("It is mailed as you write it. Comments on fields go with it."))


class RefusalForm(forms.Form):
    """To refuse."""

    use_required_attribute = False
    text = _text(_("Reason"), _("It is mailed as you write it."))


class ArchiveForm(forms.Form):
    """To archive."""

    use_required_attribute = False
    text = _text(_("Reason"), _("It is mailed to the people who look after the sheet."))


class CommentForm(forms.Form):
    """A comment on one field."""

    use_required_attribute = False
    field = forms.ChoiceField(label=_("On"))
    text = _text(_("Comment"), _("The people who write the sheet read it beside the field."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [(step.label, _choices(step)) for step in STEPS]  # type: ignore[attr-defined]


def _choices(step: Any) -> list[tuple[str, str]]:
    titles = {kind.prefix: str(kind.title) for kind in step.rows}
    named = [
        (name, titles.get(name) or str(ProjectSheetPage._meta.get_field(name).verbose_name))
        for name in step.stored_names
    ]
    return [(name, label[:1].upper() + label[1:]) for name, label in named]
