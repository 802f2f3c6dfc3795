"""What organisers type about one date: its own time and place, its places, decisions, what came out."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.enums import AnnouncementAudience
from agenda.forms.shared import DAYS, LINE, PrintableLinesField, markdown_field
from agenda.models import Occurrence, Session
from agenda.recurrence import localised
from agenda.services.dates import OccurrenceChange


class OccurrenceForm(forms.Form):
    """What differs on one date."""

    day = forms.DateField(
        label=gettext_lazy("Date"),
        validators=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    start_time = forms.TimeField(
        label=gettext_lazy("Begins at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    title = forms.CharField(
        label=gettext_lazy("Title of this date"),
        required=False,
        max_length=150,
        validators=LINE,
        help_text=gettext_lazy("Empty fields are as the event says."),
    )
    venue = forms.CharField(label=gettext_lazy("Place of this date"), required=False, max_length=120, validators=LINE)
    address = forms.CharField(
        label=gettext_lazy("Address of this date"), required=False, max_length=200, validators=LINE
    )
    online_url = forms.URLField(
        label=gettext_lazy("Link of this date"), required=False, max_length=300, assume_scheme="https"
    )
    note = forms.CharField(
        label=gettext_lazy("A word to those who are registered"),
        required=False,
        max_length=300,
        validators=LINE,
        help_text=gettext_lazy("Goes with the mail that tells them of a change of time or place."),
    )

    def __init__(self, *args: Any, occurrence: Occurrence) -> None:
        zone = ZoneInfo(occurrence.event.timezone)
        begins = timezone.localtime(occurrence.starts_at, zone)
        own = {name: getattr(occurrence, name) for name in ("title", "venue", "address", "online_url")}
        super().__init__(*args, initial={**own, "day": begins.date(), "start_time": begins.time()})
        self.occurrence = occurrence

    @property
    def change(self) -> OccurrenceChange:
        """What was written."""
        data = self.cleaned_data
        begins: datetime = localised(data["day"], data["start_time"], self.occurrence.event.timezone)
        return OccurrenceChange(begins, data["title"], data["venue"], data["address"], data["online_url"])


class ReasonForm(forms.Form):
    """Why something is called off, refused or given back: those concerned read it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason, as those concerned will read it"),
        max_length=300,
        validators=LINE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CapacityForm(forms.Form):
    """The places of one part of a date."""

    capacity_onsite = forms.IntegerField(
        label=gettext_lazy("Places on site"), required=False, min_value=0, max_value=5_000
    )
    capacity_online = forms.IntegerField(
        label=gettext_lazy("Places online"), required=False, min_value=0, max_value=5_000
    )

    def __init__(self, *args: Any, session: Session) -> None:
        initial = {"capacity_onsite": session.capacity_onsite, "capacity_online": session.capacity_online}
        super().__init__(*args, initial=initial, prefix=f"s{session.pk}")
        self.session = session
        for name, way in (("capacity_onsite", "site"), ("capacity_online", "visio")):
            taken = session.taken(way)
            self.fields[name].help_text = _("%(taken)s taken. Empty: no limit.") % {"taken": taken}
        event = session.occurrence.event
        if not event.is_on_site:
            del self.fields["capacity_onsite"]
        if not event.is_online:
            del self.fields["capacity_online"]

    @property
    def capacities(self) -> dict[str, int | None]:
        """The places as the service wants them; what the form does not show stays."""
        data = self.cleaned_data
        return {
            "onsite": data.get("capacity_onsite", self.session.capacity_onsite),
            "online": data.get("capacity_online", self.session.capacity_online),
        }


class AnnouncementForm(forms.Form):
    """To whom an event is announced by mail."""

    audience = forms.ChoiceField(
        label=gettext_lazy("Who receives an announcement by mail?"), choices=(), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, counts: dict[str, int]) -> None:
        super().__init__(*args, initial={"audience": AnnouncementAudience.NOBODY})
        self.fields["audience"].choices = [  # type: ignore[attr-defined]
            (value, label if value == AnnouncementAudience.NOBODY else f"{label} ({counts[value]})")
            for value, label in AnnouncementAudience.choices
        ]


class ReportForm(forms.Form):
    """What came out of a date; by part, its outcome and the subjects put first."""

    report = markdown_field(gettext_lazy("Restitution"), max_length=20_000, rows=12)

    def __init__(self, *args: Any, occurrence: Occurrence, sessions: list[Session]) -> None:
        initial: dict[str, Any] = {"report": occurrence.report}
        for session in sessions:
            initial[f"outcome_{session.pk}"] = session.outcome
            initial[f"subjects_{session.pk}"] = [subject.title for subject in session.subjects.all()]
        super().__init__(*args, initial=initial)
        self.sessions = sessions
        for session in sessions:
            part = {"part": session.plan.title or _("the meeting")}
            self.fields[f"outcome_{session.pk}"] = markdown_field(
                _("What came out of: %(part)s") % part, max_length=10_000, rows=4
            )
            self.fields[f"subjects_{session.pk}"] = PrintableLinesField(
                label=_("Subjects put first: %(part)s") % part,
                required=False,
                max_length=2_000,
                help_text=_("One per line, in their order: 120 signs at most each."),
            )

    def clean(self) -> dict[str, Any]:
        """Refuse subjects that are too long, naming them."""
        cleaned = super().clean() or self.cleaned_data
        for session in self.sessions:
            name = f"subjects_{session.pk}"
            long = [text for text in cleaned.get(name) or () if len(text) > 120]
            if long:
                self.add_error(name, _("Too long: “%(text)s”") % {"text": long[0][:60]})
        return cleaned

    @property
    def outcomes(self) -> dict[int, str]:
        """What came out, by part."""
        return {one.pk: self.cleaned_data[f"outcome_{one.pk}"] for one in self.sessions}

    @property
    def subjects(self) -> dict[int, list[str]]:
        """The subjects, by part, in their order."""
        return {one.pk: self.cleaned_data[f"subjects_{one.pk}"] for one in self.sessions}
