"""Organisations and the people who act for them."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from portal.taxonomy.models import Audience, Territory, Theme, normalize_name


class OrganisationKind(models.Model):
    """What an organisation is: association, local mission, chamber…"""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("kind of organisation")
        verbose_name_plural = _("kinds of organisation")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Reads of organisations; every list starts from ``visible_to``."""

    def visible_to(self, user: Any) -> "OrganisationQuerySet":
        """Keep what ``user`` may see: listed organisations, all of them for an administrator."""
        if user.is_authenticated and user.is_active and user.is_superuser:
            return self
        return self.filter(is_listed=True)

    def matching(self, text: str) -> "OrganisationQuerySet":
        """Keep those whose name, acronym or other name holds every word of ``text``."""
        found = self
        for word in normalize_name(text).split():
            found = found.filter(search_text__contains=word)
        return found

    def acting_in(self, territories: Iterable[Territory]) -> "OrganisationQuerySet":
        """Keep those that act in one of ``territories``: where they say so, or else at their seat."""
        places = Territory.objects.touching(territories).values("pk")
        says = Organisation.territories.through.objects.filter(organisation_id=models.OuterRef("pk"))
        return self.filter(
            models.Exists(says.filter(territory__in=places)) | (~models.Exists(says) & models.Q(seat__in=places))
        )


class Organisation(ClusterableModel):
    """A body named in the portal: it carries projects, takes part in them, organises events."""

    uid = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=150, validators=[MinLengthValidator(3)])
    slug = models.SlugField(_("slug"), max_length=160, unique=True, blank=True)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    acronym_expansion = models.CharField(_("expansion of the acronym"), max_length=200, blank=True)
    kind = models.ForeignKey(OrganisationKind, models.PROTECT, related_name="organisations", verbose_name=_("kind"))
    description = models.TextField(_("description"), max_length=10_000, blank=True)
    website = models.URLField(_("website"), blank=True)
    seat = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="seated_organisations", verbose_name=_("seat")
    )
    territories = models.ManyToManyField(
        Territory, blank=True, related_name="organisations", verbose_name=_("territories of action")
    )
    themes = models.ManyToManyField(Theme, blank=True, related_name="organisations", verbose_name=_("themes"))
    audiences = models.ManyToManyField(Audience, blank=True, related_name="organisations", verbose_name=_("audiences"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="branches", verbose_name=_("parent organisation")
    )
    is_listed = models.BooleanField(_("listed in the directory"), default=True)
    search_text = models.TextField(_("normalised names"), editable=False, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the organisation's page."""
        return reverse("directory:organisation", args=[self.slug])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Give a slug on the first save; it never changes, since addresses are stable."""
        if not self.slug:
            self.slug = self._free_slug()
        super().save(*args, **kwargs)
        self.update_search_text()

    def update_search_text(self) -> None:
        """Note all the names of this organisation as the directory's search compares them."""
        others = FormerName.objects.filter(organisation_id=self.pk).values_list("name", flat=True)
        text = normalize_name(" ".join([self.name, self.acronym, self.acronym_expansion, *others]))
        if text != self.search_text:
            self.search_text = text
            Organisation.objects.filter(pk=self.pk).update(search_text=text)

    def _free_slug(self) -> str:
        base = slugify(self.name)[:150] or "structure"
        taken = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        return next(slug for slug in [base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))] if slug not in taken)


class FormerName(models.Model):
    """A name that an organisation had, or by which people know it: Pôle emploi, France Travail."""

    class Kind(models.TextChoices):
        FORMER = "former", _("former name")
        USUAL = "usual", _("usual name")

    organisation = ParentalKey(
        Organisation, on_delete=models.CASCADE, related_name="other_names", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.USUAL)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["organisation", "name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="former_name_once")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Make the organisation findable by this name."""
        super().save(*args, **kwargs)
        self.organisation.update_search_text()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Stop finding the organisation by this name."""
        deleted = super().delete(*args, **kwargs)
        self.organisation.update_search_text()
        return deleted


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Reads of memberships."""

    def active(self) -> "MembershipQuerySet":
        """Keep memberships in force."""
        return self.filter(left_at=None)

    def who_write(self) -> "MembershipQuerySet":
        """Keep those whose holder may write in the organisation's name."""
        return self.active().filter(role__in=[Membership.Role.MANAGER, Membership.Role.EDITOR])


class Membership(models.Model):
    """A person's place in an organisation; ended, never deleted, so that history stays."""

    class Role(models.TextChoices):
        MANAGER = "manager", _("manager")
        EDITOR = "editor", _("editor")
        MEMBER = "member", _("member")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("account")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=8, choices=Role.choices, default=Role.MEMBER)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["organisation", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=models.Q(left_at=None), name="one_active_membership"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.organisation}"
