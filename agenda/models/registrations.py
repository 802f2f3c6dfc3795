"""Who comes: registrations, their history, opinions, and what was sent in advance."""

import secrets
import uuid
from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.enums import LIVE_STATES, SEATED_STATES, Attendance, Attending, RegistrationState
from agenda.models.dates import Occurrence, Session
from agenda.models.events import Event
from portal.accounts.rules import AnyUser


class Guest(models.Model):
    """Somebody without an account, known by an address alone."""

    email = models.EmailField(_("e-mail address"))

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(Lower("email"), name="guest_email_whatever_case")]

    def __str__(self) -> str:
        return str(self.pk)


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Reads of registrations."""

    def live(self) -> "RegistrationQuerySet":
        """Keep those that count: a person has one at most for a session."""
        return self.filter(state__in=LIVE_STATES)

    def seated(self) -> "RegistrationQuerySet":
        """Keep those that hold a place."""
        return self.filter(state__in=SEATED_STATES)

    def kept_by(self, user: AnyUser) -> "RegistrationQuerySet":
        """Keep those of the events that ``user`` prepares."""
        own = Event.objects.editable_by(user).filter(pk=OuterRef("session__occurrence__event"))
        return self.filter(Exists(own))


class Registration(models.Model):
    """One person's place, or wish for one, in one session.

    A member is known by the account, a guest by a proven address; ``full_name`` and
    ``organisation_name`` are what a guest typed, empty for a member. Only the service of places
    changes the state.
    """

    #: How long a guest's link lives.
    CONFIRMATION = timedelta(hours=48)
    #: How long a place that came free is kept for one person.
    OFFER = timedelta(hours=24)

    uid = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(Session, models.PROTECT, related_name="registrations", verbose_name=_("session"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="event_registrations",
        verbose_name=_("account"),
    )
    guest = models.ForeignKey(
        Guest, models.SET_NULL, null=True, blank=True, related_name="registrations", verbose_name=_("guest")
    )
    full_name = models.CharField(_("name"), max_length=120, blank=True)
    organisation_name = models.CharField(_("organisation"), max_length=150, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("registered by"),
    )
    attending = models.CharField(_("takes part"), max_length=5, choices=Attending, default=Attending.ON_SITE)
    state = models.CharField(_("state"), max_length=11, choices=RegistrationState)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    queue_number = models.PositiveIntegerField(_("number on the waiting list"), null=True, blank=True)
    created_at = models.DateTimeField(_("asked on"), default=timezone.now)
    #: When the place was offered to somebody who waited, and until when it is kept.
    offered_at = models.DateTimeField(_("offered on"), null=True, blank=True)
    offer_expires_at = models.DateTimeField(_("kept until"), null=True, blank=True, db_index=True)
    cancelled_at = models.DateTimeField(_("cancelled on"), null=True, blank=True)
    attendance = models.CharField(
        _("attendance"), max_length=7, choices=Attendance, default=Attendance.UNKNOWN, blank=True
    )
    checked_in_at = models.DateTimeField(_("arrived on"), null=True, blank=True)
    #: Goes into the links of the mails: a new one ends them all.
    link_key = models.CharField(max_length=43, default=secrets.token_urlsafe, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["session", "created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "user"], condition=Q(state__in=LIVE_STATES), name="one_live_registration_a_member"
            ),
            models.UniqueConstraint(
                fields=["session", "guest"], condition=Q(state__in=LIVE_STATES), name="one_live_registration_a_guest"
            ),
        ]
        indexes = [models.Index(fields=["session", "state", "queue_number"], name="registration_queue")]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The name of the person, for organisers."""
        return str(self.user) if self.user else self.full_name or str(_("Name deleted"))

    @property
    def email(self) -> str:
        """Where the person is written to; empty once they are forgotten."""
        if self.user is not None:
            return self.user.email if self.user.is_active else ""
        return self.guest.email if self.guest else ""

    @property
    def is_live(self) -> bool:
        """Whether it counts."""
        return self.state in LIVE_STATES

    @property
    def is_seated(self) -> bool:
        """Whether it holds a place."""
        return self.state in SEATED_STATES

    @property
    def is_confirmed(self) -> bool:
        """Whether the person is expected."""
        return self.state == RegistrationState.CONFIRMED


class RegistrationLog(models.Model):
    """One change of a registration: who, when, why."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="logs", verbose_name=_("registration"))
    at = models.DateTimeField(_("on"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    state = models.CharField(_("state"), max_length=11, choices=RegistrationState)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("change of a registration")
        verbose_name_plural = _("changes of registrations")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.get_state_display()


class Reminder(models.Model):
    """A reminder that was sent: once for a date as it stands; a date that moves is reminded of anew."""

    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="reminders", verbose_name=_("date"))
    days_before = models.PositiveSmallIntegerField(_("days before"))
    starts_at = models.DateTimeField(_("beginning told"))
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["sent_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["occurrence", "days_before", "starts_at"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.occurrence} J-{self.days_before}"


class Feedback(models.Model):
    """What somebody who came thought of it; organisers read it without a name."""

    registration = models.OneToOneField(
        Registration, models.CASCADE, related_name="feedback", verbose_name=_("registration")
    )
    rating = models.PositiveSmallIntegerField(_("usefulness"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    liked = models.TextField(_("what was useful"), blank=True, max_length=2_000)
    to_improve = models.TextField(_("what could be better"), blank=True, max_length=2_000)
    given_at = models.DateTimeField(_("given on"), default=timezone.now)

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering = ["given_at", "pk"]

    def __str__(self) -> str:
        return str(self.rating)


class CalendarKey(models.Model):
    """What the address of a member's own calendar is bound to: deleting it ends the address.

    The address itself is signed and stands nowhere.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_key", verbose_name=_("account")
    )
    key = models.CharField(max_length=43, default=secrets.token_urlsafe, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("address of a calendar")
        verbose_name_plural = _("addresses of calendars")
        ordering = ["user"]

    def __str__(self) -> str:
        return str(self.user)
