"""When an event takes place, how often, and where; and the parts of its day."""

from datetime import time
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.enums import Access, Frequency, Mode
from agenda.forms.shared import DAYS, LINE, RowsFormSet
from agenda.models import Event, SessionPlan
from agenda.recurrence import MAX_OCCURRENCES, MAX_SPAN, Series, days_of, rule_of, series_of
from agenda.services.events import EventSchedule, Part
from agenda.wording import zone_name


class ScheduleForm(forms.Form):
    """When it takes place, how often, and where."""

    starts_on = forms.DateField(
        label=gettext_lazy("Date"),
        help_text=gettext_lazy("The first one, for a series."),
        validators=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    timezone = forms.ChoiceField(
        label=gettext_lazy("Time zone"), choices=[(zone, zone_name(zone)) for zone in settings.WAGTAIL_USER_TIME_ZONES]
    )
    frequency = forms.ChoiceField(label=gettext_lazy("Does it come back?"), choices=Frequency.choices)
    interval = forms.IntegerField(
        label=gettext_lazy("Every how many days, weeks, months or years?"),
        required=False,
        min_value=1,
        max_value=12,
        help_text=gettext_lazy("1 for every week, 2 for every second week."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On which days, for a weekly series?"),
        required=False,
        coerce=int,
        choices=[
            (0, gettext_lazy("Monday")),
            (1, gettext_lazy("Tuesday")),
            (2, gettext_lazy("Wednesday")),
            (3, gettext_lazy("Thursday")),
            (4, gettext_lazy("Friday")),
            (5, gettext_lazy("Saturday")),
            (6, gettext_lazy("Sunday")),
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The day of the first date is among them in any case."),
    )
    count = forms.IntegerField(
        label=gettext_lazy("How many times in all?"), required=False, min_value=2, max_value=MAX_OCCURRENCES
    )
    until = forms.DateField(
        label=gettext_lazy("Or until which day, included?"),
        required=False,
        validators=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("How does one take part?"), choices=Mode.choices, widget=forms.RadioSelect
    )
    venue = forms.CharField(label=gettext_lazy("Place"), required=False, max_length=120, validators=LINE)
    address = forms.CharField(label=gettext_lazy("Address"), required=False, max_length=200, validators=LINE)
    online_url = forms.URLField(
        label=gettext_lazy("Link of the video conference"),
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text=gettext_lazy("Shown to registered people alone."),
    )
    note = forms.CharField(
        label=gettext_lazy("A word to those who are registered"),
        required=False,
        max_length=300,
        validators=LINE,
        help_text=gettext_lazy("Goes with the mail that tells them of a change of time or place."),
    )

    def __init__(self, *args: Any, event: Event, typed: dict[str, Any] | None = None) -> None:
        super().__init__(*args, initial=_schedule_of(event) if typed is None else typed)
        self.event = event

    def clean(self) -> dict[str, Any]:
        """Check what concerns several fields together."""
        cleaned = super().clean() or self.cleaned_data
        first, frequency = cleaned.get("starts_on"), cleaned.get("frequency")
        if first and frequency and frequency != Frequency.ONCE:
            self._check_series(cleaned)
        return cleaned

    def _check_series(self, cleaned: dict[str, Any]) -> None:
        count, until, first = cleaned.get("count"), cleaned.get("until"), cleaned["starts_on"]
        if not count and not until and not {"count", "until"} & self.errors.keys():
            self.add_error("count", _("Say how many times, or until which day."))
        if count and until:
            self.add_error("until", _("Say how many times or until which day: one of both."))
        if until and until < first:
            self.add_error("until", _("The end comes before the first date."))
        if until and until > first + MAX_SPAN:
            self.add_error("until", _("A series lasts three years at most."))
        if not self.errors and len(days_of(rule_of(self.series, first_day=first), first_day=first)) < 1:
            self.add_error("frequency", _("This rule gives no date."))

    @property
    def series(self) -> Series:
        """The rule in words."""
        data = self.cleaned_data
        return Series(
            Frequency(data["frequency"]),
            data.get("interval") or 1,
            tuple(data.get("weekdays") or ()),
            data.get("count"),
            data.get("until"),
        )

    def schedule(self, parts: list[Part]) -> EventSchedule:
        """Return what was written, with the ``parts`` of the other forms."""
        names = ("timezone", "mode", "venue", "address", "online_url")
        fields = {name: self.cleaned_data[name] for name in names}
        return EventSchedule(fields, self.cleaned_data["starts_on"], self.series, parts)


def _schedule_of(event: Event) -> dict[str, Any]:
    series = series_of(event.recurrence)
    return {
        "starts_on": event.starts_on,
        "timezone": event.timezone,
        "frequency": series.frequency,
        "interval": series.interval,
        "weekdays": list(series.weekdays),
        "count": series.count,
        "until": series.until,
        "mode": event.mode,
        "venue": event.venue,
        "address": event.address,
        "online_url": event.online_url,
    }


PLACES = [MinValueValidator(0), MaxValueValidator(5_000)]
NO_LIMIT = gettext_lazy("Empty: no limit.")


class PartForm(forms.Form):
    """One part of the day."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=gettext_lazy("Title of this part"), required=False, max_length=120, validators=LINE)
    access = forms.ChoiceField(label=gettext_lazy("Open to"), choices=Access.choices)
    start_time = forms.TimeField(
        label=gettext_lazy("Begins at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    end_time = forms.TimeField(
        label=gettext_lazy("Ends at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    day = forms.IntegerField(
        label=gettext_lazy("Day of the event"),
        min_value=1,
        max_value=14,
        help_text=gettext_lazy("1 is the first day; for a meeting of several days."),
    )
    capacity_onsite = forms.IntegerField(
        label=gettext_lazy("Places on site"),
        required=False,
        validators=PLACES,
        help_text=gettext_lazy("Empty: no limit."),
    )
    capacity_online = forms.IntegerField(
        label=gettext_lazy("Places online"),
        required=False,
        validators=PLACES,
        help_text=gettext_lazy("Empty: no limit."),
    )
    goal = forms.CharField(label=gettext_lazy("Goal"), required=False, max_length=300, validators=LINE)
    audience_note = forms.CharField(
        label=gettext_lazy("Who is expected"), required=False, max_length=400, validators=LINE
    )
    method = forms.CharField(label=gettext_lazy("Method"), required=False, max_length=120, validators=LINE)
    is_removed = forms.BooleanField(label=gettext_lazy("Take this part away"), required=False)

    def clean(self) -> dict[str, Any]:
        """Read the end as a duration: an end before the beginning is on the next day."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("is_removed"):
            # Whatever is missing or wrong in it leaves with it.
            self.errors.clear()
            return cleaned
        begins, ends = cleaned.get("start_time"), cleaned.get("end_time")
        if begins and ends:
            minutes = (ends.hour * 60 + ends.minute) - (begins.hour * 60 + begins.minute)
            if minutes == 0:
                self.add_error("end_time", _("The end is the beginning."))
            cleaned["duration_minutes"] = minutes if minutes > 0 else minutes + 1_440
        return cleaned

    @property
    def part(self) -> Part:
        """What was written."""
        data = self.cleaned_data
        names = ("title", "access", "start_time", "duration_minutes", "capacity_onsite", "capacity_online")
        fields = {name: data[name] for name in (*names, "goal", "audience_note", "method")}
        return Part({**fields, "day_offset": data["day"] - 1}, data.get("pk"))


def part_initial(plan: SessionPlan) -> dict[str, Any]:
    """Return what the form of a part shows of ``plan``."""
    names = (
        "pk",
        "title",
        "access",
        "start_time",
        "capacity_onsite",
        "capacity_online",
        "goal",
        "audience_note",
        "method",
    )
    return {**{name: getattr(plan, name) for name in names}, "end_time": _end_of(plan), "day": plan.day_offset + 1}


def _end_of(plan: SessionPlan) -> Any:
    if plan.start_time is None or plan.duration_minutes is None:
        return None
    ends = plan.start_time.hour * 60 + plan.start_time.minute + plan.duration_minutes
    return time(ends // 60 % 24, ends % 60)


PartFormSet = forms.formset_factory(PartForm, formset=RowsFormSet, extra=0, max_num=20, validate_max=True)
