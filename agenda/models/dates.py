"""When it takes place: the dates of an event, and the parts of each."""

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.enums import (
    ANNOUNCED_STATUSES,
    Attending,
    EventStatus,
    OccurrenceStatus,
    RegistrationMode,
)
from agenda.models.events import MARKDOWN_HELP, Event, EventDocument, SessionPlan, reading_condition
from portal.accounts.rules import AnyUser
from portal.taxonomy.models import Theme

#: No event lasts longer: its parts lie within fourteen days.
LONGEST = timedelta(days=15)


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    """Reads of dates."""

    def visible_to(self, user: AnyUser) -> "OccurrenceQuerySet":
        """Keep the dates of events that ``user`` may read."""
        return self.filter(reading_condition(user, "event__"))

    def upcoming(self, now: datetime | None = None) -> "OccurrenceQuerySet":
        """Keep what is not over yet: an event of three days is still to come on its second."""
        now = now or timezone.now()
        # The first bound changes nothing but the way: databases then walk the index of the beginnings.
        return self.filter(starts_at__gte=now - LONGEST, ends_at__gte=now)

    def past(self, now: datetime | None = None) -> "OccurrenceQuerySet":
        """Keep what is over, archives without a date included."""
        return self.filter(Q(ends_at__lt=now or timezone.now()) | Q(ends_at=None))

    def with_outcome(self) -> "OccurrenceQuerySet":
        """Keep those of which something is written or kept: what came out, subjects, files."""
        written = Session.objects.exclude(outcome="").filter(occurrence=OuterRef("pk"))
        subjects = Subject.objects.filter(session__occurrence=OuterRef("pk"))
        documents = EventDocument.objects.filter(occurrence=OuterRef("pk"))
        told = ~Q(report="") | ~Q(report_published_at=None)
        return self.filter(told | Exists(written) | Exists(subjects) | Exists(documents))


class Occurrence(models.Model):
    """One date of an event.

    ``original_day`` is the day that the rule gave it: its identity, which never changes, wherever
    it is moved to. An archive without a date has none. Empty overrides mean "as the event says".
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="occurrences", verbose_name=_("event"))
    original_day = models.DateField(_("day given by the rule"), null=True, editable=False)
    starts_at = models.DateTimeField(_("begins"), null=True)
    ends_at = models.DateTimeField(_("ends"), null=True)
    #: The day of the beginning, and that of the end, in the event's time zone: what a calendar shows.
    local_day = models.DateField(_("day"), null=True, editable=False)
    local_end_day = models.DateField(_("last day"), null=True, editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=OccurrenceStatus, default=OccurrenceStatus.SCHEDULED, editable=False
    )
    cancel_reason = models.CharField(_("reason of the cancellation"), max_length=300, blank=True)
    #: Moved by hand: the times of the event no longer change it.
    is_moved = models.BooleanField(_("moved"), default=False, editable=False)
    #: Its day left the rule while people were registered: the organisers cancel it, nobody deletes it.
    is_outside_rule = models.BooleanField(_("no longer in the rule"), default=False, editable=False)
    title = models.CharField(_("title of this date"), max_length=150, blank=True)
    venue = models.CharField(_("place of this date"), max_length=120, blank=True)
    address = models.CharField(_("address of this date"), max_length=200, blank=True)
    online_url = models.URLField(_("link of this date"), max_length=300, blank=True)
    #: RFC 5545: raised at each change of time or place, so that calendars take the new one.
    ical_sequence = models.PositiveIntegerField(_("sequence"), default=0, editable=False)
    changed_at = models.DateTimeField(_("last change"), default=timezone.now, editable=False)
    report = models.TextField(_("restitution"), blank=True, max_length=20_000)
    report_published_at = models.DateTimeField(_("restitution published"), null=True, blank=True, editable=False)
    feedback_asked_at = models.DateTimeField(_("opinions asked for"), null=True, blank=True, editable=False)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("date of an event")
        verbose_name_plural = _("dates of events")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "original_day"], name="occurrence_once_a_day"),
            models.UniqueConstraint(
                fields=["event"], condition=Q(original_day=None), name="one_occurrence_without_date"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="occurrence_ends_after_it_starts"),
        ]
        indexes = [
            models.Index(fields=["starts_at", "status"], name="occurrence_start"),
            models.Index(fields=["local_day"], name="occurrence_local_day"),
            models.Index(fields=["ends_at"], name="occurrence_end"),
        ]

    def __str__(self) -> str:
        return self.shown_title

    def get_absolute_url(self) -> str:
        """Return the address of this date's page."""
        if self.original_day is None:
            return self.event.get_absolute_url()
        return reverse("agenda:occurrence", args=[self.event.slug, self.original_day.isoformat()])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the local days in step with the moments."""
        if self.starts_at and self.ends_at:
            zone = ZoneInfo(self.event.timezone)
            self.local_day = self.starts_at.astimezone(zone).date()
            # What ends at midnight ends on the day before.
            self.local_end_day = (self.ends_at - timedelta(seconds=1)).astimezone(zone).date()
        super().save(*args, **kwargs)

    @property
    def shown_title(self) -> str:
        """The title of this date, the event's where it has none."""
        return self.title or self.event.title

    @property
    def shown_venue(self) -> str:
        """The place."""
        return self.venue or self.event.venue

    @property
    def shown_address(self) -> str:
        """The address of the place."""
        return self.address or ("" if self.venue else self.event.address)

    @property
    def shown_online_url(self) -> str:
        """The link of the video conference, for those registered alone."""
        return self.online_url or self.event.online_url

    @property
    def is_cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.status == OccurrenceStatus.CANCELLED or self.event.status == EventStatus.CANCELLED

    @property
    def is_over(self) -> bool:
        """Whether it has ended; an archive has."""
        return self.ends_at is None or self.ends_at < timezone.now()

    @property
    def is_announced(self) -> bool:
        """Whether it is told to the outside."""
        return self.event.status in ANNOUNCED_STATUSES and not self.is_cancelled

    @property
    def has_report(self) -> bool:
        """Whether its restitution can be read."""
        return self.report_published_at is not None

    @property
    def shows_outcome(self) -> bool:
        """Whether readers see what came out of it: published, or an archive, which is nothing else."""
        return self.has_report or self.event.status == EventStatus.ARCHIVED


class Session(models.Model):
    """A part of one date: what people register for.

    Its row is the lock of its places: nothing counts, gives or takes one without holding it
    (``agenda.services.places``).
    """

    uid = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="sessions", verbose_name=_("date"))
    plan = models.ForeignKey(SessionPlan, models.PROTECT, related_name="sessions", verbose_name=_("part"))
    starts_at = models.DateTimeField(_("begins"), null=True)
    ends_at = models.DateTimeField(_("ends"), null=True)
    capacity_onsite = models.PositiveSmallIntegerField(_("places on site"), null=True, blank=True)
    capacity_online = models.PositiveSmallIntegerField(_("places online"), null=True, blank=True)
    taken_onsite = models.PositiveIntegerField(_("places taken on site"), default=0, editable=False)
    taken_online = models.PositiveIntegerField(_("places taken online"), default=0, editable=False)
    #: The last number given on the waiting list.
    last_queue_number = models.PositiveIntegerField(default=0, editable=False)
    outcome = models.TextField(_("what came out of it"), blank=True, max_length=10_000, help_text=MARKDOWN_HELP)

    class Meta:
        verbose_name = _("part of a date")
        verbose_name_plural = _("parts of dates")
        ordering = ["occurrence", "starts_at", "plan__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["occurrence", "plan"], name="session_once"),
            models.CheckConstraint(
                condition=Q(capacity_onsite=None) | Q(taken_onsite__lte=F("capacity_onsite")),
                name="session_places_onsite",
            ),
            models.CheckConstraint(
                condition=Q(capacity_online=None) | Q(taken_online__lte=F("capacity_online")),
                name="session_places_online",
            ),
        ]

    def __str__(self) -> str:
        return self.plan.title or str(self.occurrence)

    def get_registration_url(self) -> str:
        """Return the address of the form by which one registers."""
        return reverse("agenda:register", args=[self.occurrence.event.slug, self.uid])

    def capacity(self, attending: str) -> int | None:
        """Return the places of one way to take part; None without limit."""
        return self.capacity_onsite if attending == Attending.ON_SITE else self.capacity_online

    def taken(self, attending: str) -> int:
        """Return how many of them are taken."""
        return self.taken_onsite if attending == Attending.ON_SITE else self.taken_online

    def free(self, attending: str) -> int | None:
        """Return how many are left; None without limit."""
        capacity = self.capacity(attending)
        return None if capacity is None else capacity - self.taken(attending)

    def is_full(self, attending: str) -> bool:
        """Whether none is left."""
        return self.free(attending) == 0

    @property
    def ways(self) -> list[str]:
        """The ways to take part that this session has, those with no place at all left out."""
        event = self.occurrence.event
        found = [Attending.ON_SITE.value] if event.is_on_site and self.capacity_onsite != 0 else []
        return [*found, Attending.ONLINE.value] if event.is_online and self.capacity_online != 0 else found

    @property
    def opens_at(self) -> datetime | None:
        """When registration opens; None where it is open at once."""
        days = self.occurrence.event.opens_days_before
        return self.starts_at - timedelta(days=days) if days is not None and self.starts_at else None

    @property
    def closes_at(self) -> datetime | None:
        """When registration closes."""
        hours = self.occurrence.event.closes_hours_before
        return self.starts_at - timedelta(hours=hours) if self.starts_at else None

    def is_open(self, now: datetime | None = None) -> bool:
        """Whether one may register now, be it on a waiting list."""
        event, now = self.occurrence.event, now or timezone.now()
        return (
            event.registration_mode == RegistrationMode.INTERNAL
            and event.status == EventStatus.PUBLISHED
            and not self.occurrence.is_cancelled
            and self.closes_at is not None
            and now < self.closes_at
            and (self.opens_at is None or self.opens_at <= now)
        )


class Subject(models.Model):
    """A subject that the participants of one part of a date put first, in their order."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="subjects", verbose_name=_("part"))
    rank = models.PositiveSmallIntegerField(_("rank"))
    title = models.CharField(_("subject"), max_length=120)
    theme = models.ForeignKey(
        Theme, models.SET_NULL, null=True, blank=True, related_name="event_subjects", verbose_name=_("theme")
    )

    class Meta:
        verbose_name = _("prioritised subject")
        verbose_name_plural = _("prioritised subjects")
        ordering = ["session", "rank"]
        constraints = [models.UniqueConstraint(fields=["session", "rank"], name="one_subject_a_rank")]

    def __str__(self) -> str:
        return self.title
