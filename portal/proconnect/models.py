"""The domains whose agents need no approval."""

import re
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import AnyUser, animated_by
from portal.taxonomy.models import Territory

DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")


class TrustedDomainQuerySet(models.QuerySet["TrustedDomain"]):
    """Reads of trusted domains."""

    def managed_by(self, user: AnyUser) -> "TrustedDomainQuerySet":
        """Keep those of the regions that ``user`` animates; all for an administrator."""
        return self.filter(animated_by(user, "region"))


class TrustedDomain(models.Model):
    """A domain of e-mail addresses that ProConnect vouches for, and that the animators of a region trust.

    Without a region it holds everywhere; administrators alone write such a row.
    """

    domain = models.CharField(
        _("domain"),
        max_length=253,
        validators=[RegexValidator(rf"^{DOMAIN.pattern}\Z", _("Write a domain such as “dreets.gouv.fr”."))],
    )
    region = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added on"), default=timezone.now)

    objects = TrustedDomainQuerySet.as_manager()

    class Meta:
        verbose_name = _("trusted domain")
        verbose_name_plural = _("trusted domains")
        ordering = ["domain", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["domain", "region"], name="trusted_domain_once"),
            models.UniqueConstraint(
                fields=["domain"], condition=models.Q(region=None), name="trusted_domain_once_everywhere"
            ),
        ]

    def __str__(self) -> str:
        return self.domain

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Compare domains in lower case."""
        self.domain = self.domain.lower()
        super().save(*args, **kwargs)
