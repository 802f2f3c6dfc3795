"""The words every app shares: territories, themes, audiences, sectors, glossary."""

import re
import unicodedata
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

#: Letters that Unicode does not decompose and that people type as two.
LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})


def normalize_name(name: str) -> str:
    """Return ``name`` without accents, case or punctuation, for look-ups and sorting."""
    # Punctuation first: both apostrophes, ' and ’, must leave the same blank.
    words = "".join(
        sign if sign.isalnum() or unicodedata.combining(sign) else " " for sign in name.translate(LIGATURES)
    )
    folded = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return " ".join("".join(sign if sign.isalnum() else " " for sign in folded).split())


#: How an address names a level: ``/territoires/dep-35/``.
LEVEL_PREFIXES = {"country": "pays", "region": "reg", "department": "dep", "epci": "epci", "commune": "com"}
PUBLIC_CODE = re.compile(r"(pays|reg|dep|epci|com)-([0-9A-Z]{2,9})", re.ASCII)


def parse_public_code(text: str) -> tuple[str, str] | None:
    """Return the (level, official code) that ``text`` names in an address, or None."""
    match = PUBLIC_CODE.fullmatch(text)
    if match is None:
        return None
    level = next(level for level, prefix in LEVEL_PREFIXES.items() if prefix == match[1])
    return level, match[2]


class TerritoryQuerySet(models.QuerySet["Territory"]):
    """Reads of territories."""

    def current(self) -> "TerritoryQuerySet":
        """Leave out territories that no longer exist; they stay for what names them."""
        return self.filter(obsolete_since=None)

    def regions(self) -> "TerritoryQuerySet":
        """Keep régions and overseas communities of that level."""
        return self.filter(level=Territory.Level.REGION)

    def departments(self) -> "TerritoryQuerySet":
        """Keep départements and overseas communities of that level."""
        return self.filter(level=Territory.Level.DEPARTMENT)

    def within(self, territory: "Territory") -> "TerritoryQuerySet":
        """Keep ``territory`` and what it contains; the country contains all of them."""
        if territory.level == Territory.Level.COUNTRY:
            return self
        return self.filter(
            models.Q(pk=territory.pk)
            | models.Q(region=territory)
            | models.Q(department=territory)
            | models.Q(epci=territory)
        )

    def touching(self, territories: Iterable["Territory"]) -> "TerritoryQuerySet":
        """Keep ``territories``, what they contain, and what contains them.

        Who acts in a whole region acts in each of its departments too.
        """
        chosen = list(territories)
        if any(territory.level == Territory.Level.COUNTRY for territory in chosen):
            return self
        ids = [territory.pk for territory in chosen]
        above = {pk for of in chosen for pk in (of.region_id, of.department_id, of.epci_id) if pk}
        return self.filter(
            models.Q(level=Territory.Level.COUNTRY)
            | models.Q(pk__in=[*ids, *above])
            | models.Q(region__in=ids)
            | models.Q(department__in=ids)
            | models.Q(epci__in=ids)
        )

    def areas(self) -> "TerritoryQuerySet":
        """Keep the country, the régions and the départements: few enough for a list of choices."""
        levels = [Territory.Level.COUNTRY, Territory.Level.REGION, Territory.Level.DEPARTMENT]
        return self.filter(level__in=levels)

    def with_public_codes(self, codes: Iterable[str]) -> "TerritoryQuerySet":
        """Keep the territories that addresses name (``dep-35``); what is no such code is ignored."""
        pairs = {pair for pair in map(parse_public_code, codes) if pair is not None}
        # One condition per level: hundreds of OR conditions would exceed SQLite's depth.
        found = models.Q(pk__in=[])
        for level in {level for level, _code in pairs}:
            found |= models.Q(level=level, code__in=[code for of, code in pairs if of == level])
        return self.filter(found)


class Territory(models.Model):
    """A French territory, named by its level and its official code.

    The pair is needed: region 01 is Guadeloupe and département 01 is Ain. Codes are text, since
    Corsica has 2A and 2B. A territory that disappears is marked obsolete and never deleted.
    """

    class Level(models.TextChoices):
        COUNTRY = "country", _("country")
        REGION = "region", _("region")
        DEPARTMENT = "department", _("department")
        EPCI = "epci", _("intercommunality")
        COMMUNE = "commune", _("municipality")

    level = models.CharField(_("level"), max_length=12, choices=Level.choices)
    code = models.CharField(_("official code"), max_length=9)
    name = models.CharField(_("name"), max_length=120)
    normalized_name = models.CharField(_("normalised name"), max_length=120, editable=False, db_index=True)
    locative = models.CharField(
        _("locative"),
        max_length=140,
        blank=True,
        help_text=_("As in a sentence: “en Loir-et-Cher”, “dans le Finistère”."),
    )
    region = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="in_region", verbose_name=_("region")
    )
    department = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="in_department", verbose_name=_("department")
    )
    epci = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="in_epci", verbose_name=_("intercommunality")
    )
    postal_codes = models.JSONField(_("postal codes"), default=list, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    vintage = models.PositiveSmallIntegerField(_("vintage"), help_text=_("Year of the official list."))
    obsolete_since = models.DateField(_("obsolete since"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name=_("replaced by")
    )

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        ordering = ["normalized_name", "code"]
        constraints = [models.UniqueConstraint(fields=["level", "code"], name="territory_level_code")]

    def __str__(self) -> str:
        if self.level == self.Level.DEPARTMENT:
            return f"{self.name} ({self.code})"
        return self.name

    @property
    def public_code(self) -> str:
        """Return what names this territory in an address: ``dep-35``."""
        return f"{LEVEL_PREFIXES[self.level]}-{self.code}"

    def get_absolute_url(self) -> str:
        """Return the address of the territory's page."""
        return reverse("taxonomy:territory", args=[self.public_code])

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the normalised name in step with the name."""
        self.normalized_name = normalize_name(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class ThemeQuerySet(models.QuerySet["Theme"]):
    """Reads of themes."""

    def within(self, theme: "Theme") -> "ThemeQuerySet":
        """Keep ``theme`` and the themes that stand below it."""
        return self.filter(models.Q(pk=theme.pk) | models.Q(parent=theme))


class Theme(models.Model):
    """What a project, a question or an event is about; two levels."""

    class Kind(models.TextChoices):
        NEED = "need", _("need")
        OBSTACLE = "obstacle", _("obstacle to employment")

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.NEED)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent theme")
    )
    description = models.CharField(_("description"), max_length=280, blank=True)
    di_codes = models.JSONField(
        _("data·inclusion codes"),
        default=list,
        blank=True,
        help_text=_("Codes of the “thematiques” of data·inclusion."),
    )
    synonyms = models.JSONField(_("synonyms"), default=list, blank=True)
    illustration = models.SlugField(_("illustration"), max_length=40, default="default")
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the theme's page."""
        return reverse("taxonomy:theme", args=[self.slug])

    def clean(self) -> None:
        """Refuse a third level, from above and from below."""
        if self.parent is None:
            return
        if self.parent.parent_id is not None or self.parent_id == self.pk:
            raise ValidationError({"parent": _("Themes have two levels: choose a theme of the first level.")})
        if self.pk and self.children.exists():
            raise ValidationError({"parent": _("This theme has themes below it: it stays at the first level.")})


class Audience(models.Model):
    """Whom a project or an event addresses."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    acronym = models.CharField(_("acronym"), max_length=20, blank=True)
    di_code = models.CharField(_("data·inclusion code"), max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Sector(models.Model):
    """A sector of activity; ``code`` is its section or division in the NAF."""

    code = models.CharField(_("NAF code"), max_length=6, blank=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Occupation(models.Model):
    """An occupation; ``code`` is its ROME code."""

    code = models.CharField(_("ROME code"), max_length=5, unique=True)
    name = models.CharField(_("name"), max_length=160)

    class Meta:
        verbose_name = _("occupation")
        verbose_name_plural = _("occupations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class GlossaryEntry(models.Model):
    """An acronym of the field, explained; texts of the portal link to it."""

    acronym = models.CharField(_("acronym"), max_length=20, unique=True)
    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    expansion = models.CharField(_("expansion"), max_length=200)
    definition = models.TextField(_("definition"), blank=True, help_text=_("One or two sentences, in plain French."))
    url = models.URLField(_("to learn more"), blank=True)

    class Meta:
        verbose_name = _("glossary entry")
        verbose_name_plural = _("glossary entries")
        ordering = ["acronym"]

    def __str__(self) -> str:
        return self.acronym

    def get_absolute_url(self) -> str:
        """Return the address of the entry in the glossary page."""
        return f"{reverse('taxonomy:glossary')}#{self.slug}"
