"""What happens around a sheet: its journal, invitations to look after it, reminders, corrections.

All of it stands beside the page and not in its revisions: restoring an old text changes none of it.
"""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from portal.accounts.rules import AnyUser
from project_sheets.enums import CorrectionStatus, EventKind
from project_sheets.models.pages import ProjectSheetPage

#: How long an invitation to look after a sheet may be accepted.
INVITATION_LASTS = timedelta(days=30)
CORRECTION_LENGTH = 2_000


class SheetEvent(models.Model):
    """One step in the life of a sheet: who did what, in whose name, and why."""

    sheet = models.ForeignKey(ProjectSheetPage, models.CASCADE, related_name="events", verbose_name=_("sheet"))
    kind = models.CharField(_("what happened"), max_length=12, choices=EventKind.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="sheet_events",
        verbose_name=_("by"),
    )
    on_behalf_of = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="sheet_events",
        verbose_name=_("in the name of"),
    )
    text = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("event of a sheet")
        verbose_name_plural = _("events of sheets")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["sheet", "-at"], name="sheet_event_order")]

    def __str__(self) -> str:
        return f"{self.sheet} – {self.get_kind_display()}"


class SheetInvitationQuerySet(models.QuerySet["SheetInvitation"]):
    """Reads of invitations to look after a sheet."""

    def open(self) -> "SheetInvitationQuerySet":
        """Keep those that can still be accepted."""
        return self.filter(accepted_at=None, withdrawn_at=None, created_at__gt=timezone.now() - INVITATION_LASTS)

    def for_person(self, user: AnyUser) -> "SheetInvitationQuerySet":
        """Keep those sent to the address of ``user``."""
        return self.filter(email__iexact=user.email) if user.is_authenticated else self.none()


class SheetInvitation(models.Model):
    """A person asked to look after a sheet, beside whoever invites or in their place."""

    uid = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    sheet = models.ForeignKey(ProjectSheetPage, models.CASCADE, related_name="invitations", verbose_name=_("sheet"))
    email = models.EmailField(_("e-mail address"))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sheet_invitations", verbose_name=_("invited by")
    )
    on_behalf_of = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("in the name of")
    )
    hands_over = models.BooleanField(_("takes the place of the inviter"), default=False)
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = SheetInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to look after a sheet")
        verbose_name_plural = _("invitations to look after sheets")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.email} – {self.sheet}"

    @property
    def is_open(self) -> bool:
        """Whether it can still be accepted."""
        return not (self.accepted_at or self.withdrawn_at) and self.created_at > timezone.now() - INVITATION_LASTS


class SheetReminder(models.Model):
    """That the people who look after a sheet were asked whether it is still true."""

    sheet = models.ForeignKey(ProjectSheetPage, models.CASCADE, related_name="reminders", verbose_name=_("sheet"))
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta:
        verbose_name = _("reminder to confirm a sheet")
        verbose_name_plural = _("reminders to confirm sheets")
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.sheet} – {self.sent_at:%Y-%m-%d}"


class SheetCorrectionQuerySet(models.QuerySet["SheetCorrection"]):
    """Reads of proposed corrections."""

    def open(self) -> "SheetCorrectionQuerySet":
        """Keep those that nobody has answered."""
        return self.filter(status=CorrectionStatus.OPEN)


class SheetCorrection(models.Model):
    """What a reader would correct in a sheet; the people who look after it accept or refuse."""

    uid = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    sheet = models.ForeignKey(ProjectSheetPage, models.CASCADE, related_name="corrections", verbose_name=_("sheet"))
    part = models.CharField(_("part of the sheet"), max_length=20, blank=True)
    text = models.TextField(_("correction"), validators=[MaxLengthValidator(CORRECTION_LENGTH)])
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="sheet_corrections",
        verbose_name=_("author"),
    )
    #: Of a visitor who wants an answer; emptied a while after it.
    email = models.EmailField(_("e-mail address"), blank=True)
    status = models.CharField(
        _("status"), max_length=8, choices=CorrectionStatus.choices, default=CorrectionStatus.OPEN
    )
    answer = models.TextField(_("answer"), blank=True, validators=[MaxLengthValidator(CORRECTION_LENGTH)])
    created_at = models.DateTimeField(_("proposed"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="answered_corrections",
        verbose_name=_("answered by"),
    )

    objects: Any = SheetCorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed correction")
        verbose_name_plural = _("proposed corrections")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.sheet} – {self.get_status_display()}"
