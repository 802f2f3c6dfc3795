"""What animators write to many members at once."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import AnyUser, animated_by, is_administrator
from portal.mail.kinds import SUBJECT_LENGTH
from portal.notifications.announcements.enums import State
from portal.taxonomy.models import Territory


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """Announcements by who handles them."""

    def visible_to(self, user: AnyUser) -> Self:
        """Keep those of the regions that ``user`` animates; those of the whole portal are administrators'."""
        return self if is_administrator(user) else self.filter(animated_by(user, "region_id"))


class Announcement(models.Model):
    """One announcement: its text, to whom it goes, when it left.

    ``criteria`` holds the chosen value of each declared audience by its key. ``visit_count`` counts
    how often the link of the mail was followed, without noting by whom.
    """

    uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("written by")
    )
    region = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    title = models.CharField(_("title"), max_length=SUBJECT_LENGTH)
    body = models.TextField(_("text"), validators=[MaxLengthValidator(5_000)])
    link_url = models.CharField(_("link"), max_length=500, blank=True)
    criteria = models.JSONField(_("audience"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    scheduled_at = models.DateTimeField(_("leaves at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    recipient_count = models.PositiveIntegerField(_("recipients"), default=0)
    visit_count = models.PositiveIntegerField(_("visits of the link"), default=0)
    created_at = models.DateTimeField(_("written at"), default=timezone.now)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "scheduled_at"], name="announcement_due")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address where its people read it."""
        return reverse("announcements:read", args=[self.uid])

    @property
    def is_sent(self) -> bool:
        """Whether it has left; nothing of it changes any more."""
        return self.state == State.SENT
