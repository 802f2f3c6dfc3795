"""Organisations that are perhaps one and the same, what was decided, and how to undo it."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.enums import PairDecision
from directory.models.organisations import Organisation
from portal.accounts.rules import AnyUser, animated_by

ACCOUNT = settings.AUTH_USER_MODEL


def _seated_where(user: AnyUser, *sides: str) -> models.Q:
    """Return the condition "each of ``sides`` has its seat in a region that ``user`` animates".

    Two organisations of two regions, or one without a seat, are an administrator's.
    """
    condition = models.Q()
    for side in sides:
        condition &= animated_by(user, f"{side}__seat__region") | animated_by(user, f"{side}__seat")
    return condition


class PairQuerySet(models.QuerySet["DuplicatePair"]):
    """Reads of pairs; every list starts from ``visible_to``."""

    def visible_to(self, user: AnyUser) -> "PairQuerySet":
        """Keep the pairs both of whose organisations are in regions that ``user`` animates."""
        return self.filter(_seated_where(user, "first", "second"))

    def undecided(self) -> "PairQuerySet":
        """Keep those that wait for a decision, both of whose sides are still there."""
        return self.filter(decision=PairDecision.WAITING, first__merged_into=None, second__merged_into=None)


class DuplicatePair(models.Model):
    """Two organisations that look alike. A decision is remembered for ever, so that nobody is asked twice."""

    first = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name=_("first organisation"))
    second = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name=_("second organisation"))
    #: From 0 to 100.
    score = models.PositiveSmallIntegerField(_("likeness"))
    reasons = models.JSONField(_("reasons"), default=list)
    decision = models.CharField(_("decision"), max_length=10, choices=PairDecision, default=PairDecision.WAITING)
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        ACCOUNT, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    objects = PairQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"


class MergeQuerySet(models.QuerySet["MergeLog"]):
    """Reads of merges; every list starts from ``visible_to``."""

    def visible_to(self, user: AnyUser) -> "MergeQuerySet":
        """Keep the merges both of whose organisations are in regions that ``user`` animates."""
        return self.filter(_seated_where(user, "kept", "absorbed"))


class MergeLog(models.Model):
    """One merge: all that it changed, as it was before, so that it can be undone."""

    uid = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    kept = models.ForeignKey(Organisation, models.CASCADE, related_name="merges", verbose_name=_("kept"))
    absorbed = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name=_("absorbed"))
    #: One entry per changed row: {"model": "app.model", "pk": 1, "fields": {name: value before}}.
    changes: Any = models.JSONField(_("changes"), default=list)
    merged_at = models.DateTimeField(_("merged"), default=timezone.now)
    merged_by = models.ForeignKey(
        ACCOUNT, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("merged by")
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        ACCOUNT, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge of organisations")
        verbose_name_plural = _("merges of organisations")
        ordering = ["-merged_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.absorbed} → {self.kept}"


class OldAddress(models.Model):
    """The address of an organisation that was absorbed: it leads to the one that was kept."""

    slug = models.SlugField(_("slug"), max_length=160, unique=True)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="old_addresses", verbose_name=_("organisation")
    )

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug
