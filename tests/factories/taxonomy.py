"""The shared words: territories, themes, audiences, sectors."""

import factory
from django.utils.text import slugify
from factory.django import DjangoModelFactory

from portal.taxonomy.models import Audience, GlossaryEntry, Occupation, Sector, Territory, Theme

Level = Territory.Level


class _TerritoryFactory(DjangoModelFactory):
    """A territory; the official pair (level, code) is the key, as it is in the portal."""

    vintage = 2026
    locative = factory.LazyAttribute(lambda made: f"en {made.name}")

    class Meta:
        model = Territory
        django_get_or_create = ("level", "code")
        abstract = True


class RegionFactory(_TerritoryFactory):
    """Bretagne, unless told otherwise."""

    level = Level.REGION
    code = "53"
    name = "Bretagne"


class DepartmentFactory(_TerritoryFactory):
    """Ille-et-Vilaine in Bretagne, unless told otherwise."""

    level = Level.DEPARTMENT
    code = "35"
    name = "Ille-et-Vilaine"
    region = factory.SubFactory(RegionFactory)


class CommuneFactory(_TerritoryFactory):
    """Rennes in Ille-et-Vilaine, unless told otherwise."""

    level = Level.COMMUNE
    code = "35238"
    name = "Rennes"
    postal_codes = ["35000", "35200", "35700"]
    department = factory.SubFactory(DepartmentFactory)
    region = factory.LazyAttribute(lambda made: made.department.region)


class ThemeFactory(DjangoModelFactory):
    """A theme of the first level."""

    name = factory.Sequence(lambda n: f"Thème {n}")
    slug = factory.LazyAttribute(lambda made: slugify(made.name))

    class Meta:
        model = Theme
        django_get_or_create = ("slug",)


class AudienceFactory(DjangoModelFactory):
    """Whom a project addresses."""

    name = factory.Sequence(lambda n: f"Public {n}")
    slug = factory.LazyAttribute(lambda made: slugify(made.name))

    class Meta:
        model = Audience
        django_get_or_create = ("slug",)


class SectorFactory(DjangoModelFactory):
    """A sector of activity."""

    name = factory.Sequence(lambda n: f"Secteur {n}")
    slug = factory.LazyAttribute(lambda made: slugify(made.name))

    class Meta:
        model = Sector
        django_get_or_create = ("slug",)


class OccupationFactory(DjangoModelFactory):
    """An occupation with a code in the form of the ROME."""

    code = factory.Sequence(lambda n: f"Z{n:04d}")
    name = factory.Sequence(lambda n: f"Métier {n}")

    class Meta:
        model = Occupation
        django_get_or_create = ("code",)


class GlossaryEntryFactory(DjangoModelFactory):
    """An acronym and what it stands for."""

    acronym = factory.Sequence(lambda n: f"SIGLE{n}")
    slug = factory.LazyAttribute(lambda made: slugify(made.acronym))
    expansion = factory.Sequence(lambda n: f"signification {n}")

    class Meta:
        model = GlossaryEntry
        django_get_or_create = ("acronym",)
