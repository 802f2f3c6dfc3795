"""What people agreed to, what they asked for about their data, and who has left."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.money import format_file_size
from portal.core.storage import private_storage

ACCOUNT = settings.AUTH_USER_MODEL


def export_path(export: "DataExport", filename: str) -> str:
    """Return where an export is kept: nothing in the name tells whose it is."""
    return f"exports/{uuid.uuid4().hex}.zip"


class Consent(models.Model):
    """Something that a person agreed to: which text, in which version, from when to when."""

    user = models.ForeignKey(ACCOUNT, models.CASCADE, related_name="consents", verbose_name=_("account"))
    subject = models.SlugField(_("subject"), max_length=40)
    version = models.CharField(_("version of the text"), max_length=40)
    given_at = models.DateTimeField(_("given on"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "subject", "version"],
                condition=models.Q(withdrawn_at=None),
                name="one_consent_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.version})"


class DataExportQuerySet(models.QuerySet["DataExport"]):
    """Reads of exports."""

    def ready_for(self, user: object) -> "DataExportQuerySet":
        """Keep the exports that ``user`` may download now: their own, while they last."""
        return self.filter(user=user, ready_at__isnull=False, expires_at__gt=timezone.now())


class DataExport(models.Model):
    """A copy of a person's data, asked for by themselves; made in the background."""

    #: How long it may be downloaded.
    LIFETIME = timedelta(days=7)
    #: One that is not ready by then was lost with its worker, and may be asked for again.
    GIVEN_UP_AFTER = timedelta(hours=1)

    uid = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(ACCOUNT, models.CASCADE, related_name="data_exports", verbose_name=_("account"))
    asked_at = models.DateTimeField(_("asked on"), default=timezone.now)
    ready_at = models.DateTimeField(_("ready on"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires on"), null=True, blank=True)
    file = models.FileField(_("file"), upload_to=export_path, storage=private_storage, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)

    objects = DataExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("data export")
        verbose_name_plural = _("data exports")
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def shown_size(self) -> str:
        """The size as people say it: "0,50 Mo"."""
        return format_file_size(self.size)

    @property
    def is_being_made(self) -> bool:
        """Whether it is still expected."""
        return self.ready_at is None and timezone.now() < self.asked_at + self.GIVEN_UP_AFTER


class ErasureRequest(models.Model):
    """A wish to leave, which takes effect at ``due_at`` unless its author changes their mind."""

    #: Long enough to come back on a click, and for whoever lost the account to a thief.
    DELAY = timedelta(days=7)

    user = models.OneToOneField(ACCOUNT, models.CASCADE, related_name="erasure_request", verbose_name=_("account"))
    asked_at = models.DateTimeField(_("asked on"), default=timezone.now)
    due_at = models.DateTimeField(_("takes effect on"))

    class Meta:
        verbose_name = _("request for erasure")
        verbose_name_plural = _("requests for erasure")
        ordering = ["due_at", "pk"]

    def __str__(self) -> str:
        return str(self.user_id)


class InactivityNotice(models.Model):
    """The warnings given to somebody who has not signed in for long; gone as soon as they do."""

    user = models.OneToOneField(ACCOUNT, models.CASCADE, related_name="inactivity_notice", verbose_name=_("account"))
    #: The last sign-in that the warnings count from.
    counted_from = models.DateTimeField(_("last sign-in"))
    first_at = models.DateTimeField(_("first warning"))
    second_at = models.DateTimeField(_("second warning"), null=True, blank=True)

    class Meta:
        verbose_name = _("inactivity notice")
        verbose_name_plural = _("inactivity notices")
        ordering = ["counted_from", "pk"]

    def __str__(self) -> str:
        return str(self.user_id)


class Departure(models.Model):
    """An account that was emptied: its row stays, so that discussions keep an author without a name.

    After a restored backup, these rows say which accounts are to be emptied again.
    """

    class Reason(models.TextChoices):
        ASKED = "asked", _("asked by the person")
        INACTIVE = "inactive", _("no sign-in for two years")

    user = models.OneToOneField(ACCOUNT, models.CASCADE, related_name="departure", verbose_name=_("account"))
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    left_at = models.DateTimeField(_("left on"), default=timezone.now)

    class Meta:
        verbose_name = _("departure")
        verbose_name_plural = _("departures")
        ordering = ["-left_at", "-pk"]

    def __str__(self) -> str:
        return str(self.user_id)


def last_seen(user: object) -> datetime:
    """Return when the person last signed in, or came if they never did."""
    return user.last_login or user.date_joined  # type: ignore[attr-defined]
