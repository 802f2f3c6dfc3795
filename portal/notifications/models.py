"""The ledger of attention: what happened, what each person is told of it and why, what people chose."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.notifications.enums import EventState, MailState, Rhythm, Why

if TYPE_CHECKING:
    from portal.accounts.models import User


class EventQuerySet(models.QuerySet["Event"]):
    """Events by what is to be done with them."""

    def due(self, now: datetime) -> Self:
        """Those to tell now: nobody holds them, or somebody whose lease is over."""
        free = Q(lease_until=None) | Q(lease_until__lte=now)
        return self.filter(free, state=EventState.PENDING, next_attempt_at__lte=now)


class Event(models.Model):
    """Something that happened, written once in the transaction in which it did.

    ``key`` says what it is within its kind ("message:12"): the same key twice is the same event.
    """

    kind = models.CharField(_("kind"), max_length=80)
    key = models.CharField(_("key"), max_length=200)
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=40)
    about = GenericForeignKey()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who acted")
    )
    data = models.JSONField(_("data"), default=dict, blank=True)
    created_at = models.DateTimeField(_("happened at"), default=timezone.now)
    state = models.CharField(_("state"), max_length=8, choices=EventState, default=EventState.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    lease_until = models.DateTimeField(_("held by a worker until"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="an_event_happens_once")]
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="notifications_event_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Subscription(models.Model):
    """Somebody follows something; ``rhythm`` overrides the kinds' own where it is not empty."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="subscriptions", verbose_name=_("account")
    )
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=40)
    target = GenericForeignKey()
    because = models.CharField(_("because"), max_length=200, blank=True)
    rhythm = models.CharField(_("e-mails"), max_length=6, choices=Rhythm, blank=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "content_type", "object_id"], name="one_subscription_a_thing")
        ]
        indexes = [models.Index(fields=["content_type", "object_id"], name="notifications_followers")]

    def __str__(self) -> str:
        return f"{self.user} → {self.content_type_id}:{self.object_id}"


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Decisions by what is to be done with them."""

    def of(self, user: "User") -> Self:
        """Those that ``user`` reads on the site; nobody reads another's."""
        return self.filter(user=user, on_site=True)

    def unread(self) -> Self:
        """Those that nobody has opened."""
        return self.filter(read_at=None)

    def to_mail(self, rhythm: str) -> Self:
        """Those that wait for an e-mail of this rhythm."""
        return self.filter(mail_state=MailState.PENDING, rhythm=rhythm)


class Notification(models.Model):
    """The one decision about one person and one event: on the site or not, which mail, and why.

    Title and address are those of the moment; ``telling`` is asked again before a mail leaves and
    before the address is opened.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="notifications", verbose_name=_("event"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", verbose_name=_("account")
    )
    kind = models.CharField(_("kind"), max_length=80)
    title = models.CharField(_("title"), max_length=250)
    url = models.CharField(_("address"), max_length=500)
    group = models.CharField(_("group"), max_length=200)
    group_title = models.CharField(_("title of the group"), max_length=250, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    subscription = models.ForeignKey(Subscription, models.SET_NULL, null=True, blank=True, related_name="+")
    on_site = models.BooleanField(_("on the site"), default=True)
    rhythm = models.CharField(_("e-mail"), max_length=6, choices=Rhythm)
    why = models.CharField(_("decided by"), max_length=12, choices=Why)
    mail_state = models.CharField(_("state of the e-mail"), max_length=9, choices=MailState)
    mail_due_at = models.DateTimeField(_("e-mail due at"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("e-mail written at"), null=True, blank=True)
    mail_key = models.CharField(_("key of the e-mail"), max_length=200, blank=True)
    unsubscribed_at = models.DateTimeField(_("unsubscribed from its e-mail at"), null=True, blank=True)
    created_at = models.DateTimeField(_("told at"), default=timezone.now)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["event", "user"], name="one_decision_a_person_and_event")]
        indexes = [
            models.Index(fields=["user", "read_at", "on_site"], name="notifications_unread"),
            models.Index(fields=["user", "group"], name="notifications_group"),
            models.Index(fields=["mail_state", "rhythm", "mail_due_at"], name="notifications_mail_due"),
        ]

    def __str__(self) -> str:
        return self.title


class Preference(models.Model):
    """What somebody chose for one kind; without a row the kind's default holds."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_preferences", verbose_name=_("account")
    )
    kind = models.CharField(_("kind"), max_length=80)
    on_site = models.BooleanField(_("on the site"), default=True)
    rhythm = models.CharField(_("e-mails"), max_length=6, choices=Rhythm)

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        ordering = ["user", "kind"]
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_preference_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_rhythm_display()}"


class MailSettings(models.Model):
    """What somebody chose for all mails of the ledger: quiet hours, a pause, summaries at all.

    Hours are those of the portal's time zone; ``quiet_from`` after ``quiet_until`` is a night. Both
    are given or neither. ``paused_until`` is the last day of the pause.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="mail_settings",
        verbose_name=_("account"),
    )
    quiet_from = models.TimeField(_("no e-mail from"), null=True, blank=True)
    quiet_until = models.TimeField(_("no e-mail until"), null=True, blank=True)
    paused_until = models.DateField(_("no e-mail before the day after"), null=True, blank=True)
    receives_daily = models.BooleanField(_("receives the daily summary"), default=True)
    receives_weekly = models.BooleanField(_("receives the weekly summary"), default=True)

    class Meta:
        verbose_name = _("e-mail settings")
        verbose_name_plural = _("e-mail settings")
        ordering = ["user"]

    def __str__(self) -> str:
        return str(self.user)


class Digest(models.Model):
    """One summary to one person for one period: the row that makes it leave once.

    ``period`` is the day ("2026-03-12") or the week ("2026-W11") in which it was due.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("account"))
    rhythm = models.CharField(_("rhythm"), max_length=6, choices=Rhythm)
    period = models.CharField(_("period"), max_length=10)
    item_count = models.PositiveIntegerField(_("news in it"))
    created_at = models.DateTimeField(_("written at"), default=timezone.now)

    class Meta:
        verbose_name = _("summary")
        verbose_name_plural = _("summaries")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "rhythm", "period"], name="one_summary_a_period")]

    def __str__(self) -> str:
        return f"{self.rhythm} {self.period}"
