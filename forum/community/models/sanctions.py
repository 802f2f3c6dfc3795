"""What moderators decide about a person."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.community.enums import SanctionKind


class SanctionQuerySet(models.QuerySet["Sanction"]):
    """Reads of sanctions."""

    def in_force(self) -> "SanctionQuerySet":
        """Keep the suspensions that last."""
        lasting = Q(until=None) | Q(until__gt=timezone.now())
        return self.filter(lasting, kind=SanctionKind.SUSPENSION, lifted_at=None)


class Sanction(models.Model):
    """A warning, or a time without writing; its reason is told to the person."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="forum_sanctions", verbose_name=_("account")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=SanctionKind.choices)
    reason = models.CharField(_("reason"), max_length=500)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided on"), default=timezone.now)
    lifted_at = models.DateTimeField(_("lifted on"), null=True, blank=True)

    objects = SanctionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        ordering = ["-decided_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_kind_display()}"
