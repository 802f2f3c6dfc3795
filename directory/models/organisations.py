"""Organisations: who they are, where they act, how they are reached."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator, RegexValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from directory.enums import LegalCategory
from directory.phones import clean_public_phone
from directory.places import Precision, position_of
from directory.siret import clean_siret
from portal.taxonomy.models import Audience, Territory, Theme, normalize_name

#: An organisation is asked to confirm its page after six months, again after twelve; then it is said to be old.
FRESH_FOR = timedelta(days=182)
STALE_AFTER = timedelta(days=365)


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


class Network(models.Model):
    """A network to which organisations belong: missions locales, GRETA, Cap emploi…"""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    di_code = models.CharField(
        _("data·inclusion code"), max_length=80, blank=True, help_text=_("Code of the “réseaux porteurs”.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("network")
        verbose_name_plural = _("networks")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Reads of organisations; every list starts from ``visible_to``."""

    def visible_to(self, user: Any) -> "OrganisationQuerySet":
        """Keep what ``user`` may see: listed organisations, all of them for an administrator.

        One that was merged into another is no organisation any more; it stays so that this can be undone.
        """
        found = self.filter(merged_into=None)
        if user.is_authenticated and user.is_active and user.is_superuser:
            return found
        return found.filter(is_listed=True)

    def listed(self) -> "OrganisationQuerySet":
        """Keep those that a person may name in a form: the public directory's, without those merged away."""
        return self.filter(is_listed=True, merged_into=None)

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
    #: None where it is not known, never an empty text: many organisations may lack one.
    siret = models.CharField(_("SIRET"), max_length=14, null=True, blank=True, default=None)  # noqa: DJ001
    legal_category = models.CharField(_("legal category"), max_length=12, choices=LegalCategory.choices, blank=True)
    description = models.TextField(_("description"), max_length=10_000, blank=True)
    website = models.URLField(_("website"), blank=True)
    #: E.164, or a short number as it is dialled (3949).
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    phone_extension = models.CharField(
        _("extension"), max_length=8, blank=True, validators=[RegexValidator(r"^\d+$", _("Digits only."))]
    )
    #: Where messages of the relay form go; shown to nobody.
    relay_email = models.EmailField(_("address that receives messages"), blank=True)
    street = models.CharField(_("street address"), max_length=200, blank=True)
    postal_code = models.CharField(
        _("postal code"), max_length=5, blank=True, validators=[RegexValidator(r"^\d{5}$", _("Five digits."))]
    )
    seat = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="seated_organisations", verbose_name=_("seat")
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True, editable=False)
    longitude = models.FloatField(_("longitude"), null=True, blank=True, editable=False)
    position = models.CharField(
        _("precision of the position"), max_length=10, choices=Precision.choices, blank=True, editable=False
    )
    territories = models.ManyToManyField(
        Territory, blank=True, related_name="organisations", verbose_name=_("territories of action")
    )
    themes = models.ManyToManyField(Theme, blank=True, related_name="organisations", verbose_name=_("themes"))
    audiences = models.ManyToManyField(Audience, blank=True, related_name="organisations", verbose_name=_("audiences"))
    networks = models.ManyToManyField(Network, blank=True, related_name="organisations", verbose_name=_("networks"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="branches", verbose_name=_("parent organisation")
    )
    is_listed = models.BooleanField(_("listed in the directory"), default=True)
    #: Somebody who is entitled to act for it has proven so, and the team has agreed.
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True, editable=False)
    last_confirmed_at = models.DateTimeField(_("last confirmed"), null=True, blank=True, editable=False)
    last_asked_at = models.DateTimeField(_("asked to confirm"), null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_here",
        verbose_name=_("merged into"),
    )
    search_text = models.TextField(_("normalised names"), editable=False, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        constraints = [
            # Branches may bear the number of their head office.
            models.UniqueConstraint(
                fields=["siret"],
                condition=models.Q(parent=None),
                name="siret_once_but_branches",
                violation_error_message=_("Another organisation of the directory has this SIRET already."),
            ),
            models.CheckConstraint(condition=~models.Q(siret=""), name="siret_none_when_blank"),
        ]
        indexes = [models.Index(fields=["siret"], name="organisation_siret")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the organisation's page."""
        return reverse("directory:organisation", args=[self.slug])

    def clean(self) -> None:
        """Bring the SIRET and the telephone into their stored form; refuse what is none."""
        errors: dict[str, Any] = {}
        for name, read in (("siret", clean_siret), ("phone", clean_public_phone)):
            try:
                setattr(self, name, read(getattr(self, name) or ""))
            except ValidationError as error:
                errors[name] = error
        if self.parent is not None and self.pk and self.parent.stands_below(self):
            errors["parent"] = _("An organisation is no part of itself, nor of its own branches.")
        if errors:
            raise ValidationError(errors)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Give a slug on the first save, which never changes, and follow the seat with the position."""
        if not self.slug:
            self.slug = self._free_slug()
        self.siret = self.siret or None
        self.locate()
        if kwargs.get("update_fields") is not None and "seat" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "latitude", "longitude", "position"}
        super().save(*args, **kwargs)
        self.update_search_text()

    def locate(self) -> None:
        """Set the position from the seat; nothing where the seat is too wide to be a point."""
        found = position_of(self.seat)
        self.latitude, self.longitude = (found.latitude, found.longitude) if found else (None, None)
        self.position = found.precision if found else ""

    def update_search_text(self) -> None:
        """Note all the names of this organisation as the directory's search compares them."""
        others = FormerName.objects.filter(organisation_id=self.pk).values_list("name", flat=True)
        text = normalize_name(" ".join([self.name, self.acronym, self.acronym_expansion, *others]))
        if text != self.search_text:
            self.search_text = text
            Organisation.objects.filter(pk=self.pk).update(search_text=text)

    def stands_below(self, other: "Organisation") -> bool:
        """Whether this is ``other``, or a part of it however far below; one query a level."""
        key, seen = self.pk, set[int]()
        while key is not None and key not in seen:
            if key == other.pk:
                return True
            seen.add(key)
            key = Organisation.objects.filter(pk=key).values_list("parent_id", flat=True).first()
        return False

    @property
    def confirmed_at(self) -> datetime:
        """When somebody last said that the page is right, or else wrote it."""
        return max(filter(None, (self.last_confirmed_at, self.created_at)))

    @property
    def is_stale(self) -> bool:
        """Whether nobody has confirmed the page for a year."""
        return self.confirmed_at < timezone.now() - STALE_AFTER

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
