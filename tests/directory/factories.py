"""Organisations for tests."""

import factory
from factory.django import DjangoModelFactory

from directory.models import FormerName, Organisation, OrganisationKind


class KindFactory(DjangoModelFactory):
    class Meta:
        model = OrganisationKind
        django_get_or_create = ("slug",)

    name = "Association"
    slug = "association"


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Structure {number}")
    kind = factory.SubFactory(KindFactory)

    @factory.post_generation
    def territories(self, create, extracted, **kwargs):  # type: ignore[no-untyped-def]
        if create and extracted:
            self.territories.set(extracted)

    @factory.post_generation
    def themes(self, create, extracted, **kwargs):  # type: ignore[no-untyped-def]
        if create and extracted:
            self.themes.set(extracted)


class FormerNameFactory(DjangoModelFactory):
    class Meta:
        model = FormerName

    organisation = factory.SubFactory(OrganisationFactory)
    name = "Ancien nom"
    kind = FormerName.Kind.FORMER
