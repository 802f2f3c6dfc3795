"""What people choose of their notifications and mails."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.accounts.models import User
from portal.notifications.enums import Rhythm
from portal.notifications.kinds import NotificationKind
from portal.notifications.models import MailSettings, Preference
from portal.notifications.selectors import kinds_by_app

RHYTHMS = [
    (Rhythm.NOW, gettext_lazy("At once")),
    (Rhythm.DAILY, gettext_lazy("Summary of the day")),
    (Rhythm.WEEKLY, gettext_lazy("Summary of the week")),
    (Rhythm.NEVER, pgettext_lazy("e-mail rhythm", "Never")),
]
#: What a kind says that its app mails itself.
OF_ITS_OWN = [(Rhythm.NEVER, gettext_lazy("At once, by a mail of its own"))]
LONGEST_PAUSE = timedelta(days=366)


@dataclass(frozen=True)
class Row:
    """One line of the matrix: a kind with its two fields."""

    label: str
    fields: tuple[BoundField, BoundField]


@dataclass(frozen=True)
class Section:
    """The lines of one app."""

    label: str
    rows: tuple[Row, ...]


class PreferencesForm(forms.Form):
    """For each kind: on the site or not, and the rhythm of its mails."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = {row.kind: row for row in Preference.objects.filter(user=user)}
        self.groups = kinds_by_app(user)
        for group in self.groups:
            for kind in group.kinds:
                row = chosen.get(kind.key)
                self.fields[f"site-{kind.key}"] = forms.BooleanField(
                    label=gettext_lazy("On the site"), required=False, initial=row.on_site if row else True
                )
                self.fields[f"mail-{kind.key}"] = _rhythm_of(kind, row)

    @property
    def sections(self) -> list[Section]:
        """The matrix, app by app."""
        return [
            Section(
                group.label,
                tuple(Row(str(k.label), (self[f"site-{k.key}"], self[f"mail-{k.key}"])) for k in group.kinds),
            )
            for group in self.groups
        ]

    @property
    def choices(self) -> dict[str, tuple[bool, str]]:
        """By kind, what is chosen: on the site, and the rhythm."""
        data = self.cleaned_data
        keys = [kind.key for group in self.groups for kind in group.kinds]
        return {key: (data[f"site-{key}"], data[f"mail-{key}"]) for key in keys}


def _rhythm_of(kind: NotificationKind, row: Preference | None) -> forms.ChoiceField:
    label = gettext_lazy("E-mail")
    if kind.mailed_elsewhere:
        return forms.ChoiceField(label=label, choices=OF_ITS_OWN, initial=Rhythm.NEVER, disabled=True, required=False)
    return forms.ChoiceField(label=label, choices=RHYTHMS, initial=row.rhythm if row else kind.default)


class MailSettingsForm(forms.ModelForm):
    """Summaries at all, quiet hours, a pause."""

    class Meta:
        model = MailSettings
        fields = ("receives_daily", "receives_weekly", "quiet_from", "quiet_until", "paused_until")
        labels = {
            "receives_daily": gettext_lazy("Receive the summary of the day"),
            "receives_weekly": gettext_lazy("Receive the summary of the week"),
            "quiet_from": gettext_lazy("No e-mail from"),
            "quiet_until": gettext_lazy("until"),
            "paused_until": gettext_lazy("No e-mail up to and including"),
        }
        help_texts = {
            "receives_daily": gettext_lazy("Every day at 8 o’clock, when there is news."),
            "receives_weekly": gettext_lazy("Every Monday at 8 o’clock, when there is news."),
            "quiet_from": gettext_lazy("For instance 19:00. E-mails of these hours wait until they end."),
            "quiet_until": gettext_lazy("For instance 08:00, the next morning."),
            "paused_until": gettext_lazy("Holidays, for instance. What you follow stays on the site."),
        }
        widgets = {
            "quiet_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "quiet_until": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "paused_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def clean_paused_until(self) -> date | None:
        """A pause ends one day: from today on, within a year."""
        last: date | None = self.cleaned_data["paused_until"]
        if last is None:
            return None
        today = timezone.localdate()
        if last < today:
            # A pause that is over stays in the form of who comes back; it means nothing.
            if last == self.initial.get("paused_until"):
                return None
            raise forms.ValidationError(_("This day is past."))
        if last > today + LONGEST_PAUSE:
            raise forms.ValidationError(_("A pause lasts a year at most. To receive nothing more, choose “Never”."))
        return last

    def clean(self) -> dict[str, Any]:
        """Quiet hours have a beginning and an end."""
        cleaned = super().clean() or {}
        start, end = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if (start is None) != (end is None) and not self.errors.keys() & {"quiet_from", "quiet_until"}:
            self.add_error("quiet_until" if start else "quiet_from", _("Give both hours, or neither."))
        if start is not None and start == end:
            self.add_error("quiet_until", _("The end is the beginning: to receive no e-mail at all, choose “Never”."))
        return cleaned


class SubscriptionForm(forms.Form):
    """The rhythm of one subscription, or that of its kinds."""

    AS_PREFERRED = "default"

    rhythm = forms.ChoiceField(
        label=gettext_lazy("E-mails"), choices=[(AS_PREFERRED, gettext_lazy("As in my preferences")), *RHYTHMS]
    )

    def clean_rhythm(self) -> str:
        """An own rhythm, or nothing."""
        rhythm: str = self.cleaned_data["rhythm"]
        return "" if rhythm == self.AS_PREFERRED else rhythm
