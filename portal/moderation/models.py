"""Reports: what a reader thinks should not be there."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import AnyUser, animated_by
from portal.moderation.enums import ReportReason, ReportState
from portal.taxonomy.models import Territory


class ReportQuerySet(models.QuerySet["Report"]):
    """Reads of reports; every list starts from ``moderated_by``."""

    def moderated_by(self, user: AnyUser) -> "ReportQuerySet":
        """Keep those on which ``user`` decides: of the regions that they animate."""
        return self.filter(animated_by(user, "region"))

    def open(self) -> "ReportQuerySet":
        """Keep those that wait for a decision."""
        return self.filter(state=ReportState.OPEN)


class Report(models.Model):
    """One reader's report of one thing.

    The thing is named by its kind and key, and remembered by its title and address as they were:
    it may be gone when the animators read the report. A visitor's report has no ``reporter``.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    target_kind = models.CharField(_("kind of thing"), max_length=100)
    target_pk = models.CharField(max_length=64)
    title = models.CharField(_("title"), max_length=255)
    url = models.CharField(_("address"), max_length=500)
    region = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("reported by"),
    )
    reason = models.CharField(_("reason"), max_length=16, choices=ReportReason)
    message = models.TextField(_("details"), max_length=1_000, blank=True)
    created_at = models.DateTimeField(_("reported on"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=ReportState, default=ReportState.OPEN)
    decided_at = models.DateTimeField(_("decided on"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decision = models.TextField(_("decision"), max_length=1_000, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "target_kind", "target_pk"], name="reports_of_a_thing")]
        constraints = [
            models.UniqueConstraint(
                fields=["reporter", "target_kind", "target_pk"],
                condition=models.Q(state=ReportState.OPEN, reporter__isnull=False),
                name="one_open_report_a_reader",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Cut what comes from the thing to what fits."""
        self.title, self.url = self.title[:255], self.url[:500]
        super().save(*args, **kwargs)
