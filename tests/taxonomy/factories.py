"""Rows of the taxonomy for tests."""

import factory
from factory.django import DjangoModelFactory

from portal.taxonomy.models import Audience, GlossaryEntry, Territory, Theme


class RegionFactory(DjangoModelFactory):
    class Meta:
        model = Territory
        django_get_or_create = ("level", "code")

    level = Territory.Level.REGION
    code = "53"
    name = "Bretagne"
    vintage = 2026


class DepartmentFactory(RegionFactory):
    level = Territory.Level.DEPARTMENT
    code = "35"
    name = "Ille-et-Vilaine"
    locative = "en Ille-et-Vilaine"
    region = factory.SubFactory(RegionFactory)


class CommuneFactory(RegionFactory):
    level = Territory.Level.COMMUNE
    code = "35238"
    name = "Rennes"
    department = factory.SubFactory(DepartmentFactory)
    region = factory.SelfAttribute("department.region")


class CountryFactory(RegionFactory):
    level = Territory.Level.COUNTRY
    code = "FR"
    name = "France"


class ThemeFactory(DjangoModelFactory):
    class Meta:
        model = Theme

    name = factory.Sequence(lambda number: f"Thème {number}")
    slug = factory.Sequence(lambda number: f"theme-{number}")


class AudienceFactory(DjangoModelFactory):
    class Meta:
        model = Audience

    name = factory.Sequence(lambda number: f"Public {number}")
    slug = factory.Sequence(lambda number: f"public-{number}")


class GlossaryEntryFactory(DjangoModelFactory):
    class Meta:
        model = GlossaryEntry

    acronym = "BPI"
    slug = factory.LazyAttribute(lambda entry: entry.acronym.lower())
    expansion = "bénéficiaire de la protection internationale"
