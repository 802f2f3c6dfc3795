"""Organisations and those who act for them."""

from typing import Any

import factory
from django.utils.text import slugify
from factory.django import DjangoModelFactory

from directory.models import FormerName, Membership, Organisation, OrganisationKind
from portal.accounts.models import User
from tests.factories.accounts import UserFactory


class OrganisationKindFactory(DjangoModelFactory):
    """Association, unless told otherwise."""

    name = "Association"
    slug = factory.LazyAttribute(lambda made: slugify(made.name))

    class Meta:
        model = OrganisationKind
        django_get_or_create = ("slug",)


class OrganisationFactory(DjangoModelFactory):
    """An organisation listed in the directory; its slug comes from its name."""

    name = factory.Sequence(lambda n: f"Structure {n}")
    kind = factory.SubFactory(OrganisationKindFactory)

    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    @factory.post_generation
    def territories(self: Organisation, create: bool, extracted: Any) -> None:
        """Say where it acts: ``territories=[…]``."""
        if create and extracted:
            self.territories.set(extracted)

    @factory.post_generation
    def themes(self: Organisation, create: bool, extracted: Any) -> None:
        """Say what it works on: ``themes=[…]``."""
        if create and extracted:
            self.themes.set(extracted)

    @factory.post_generation
    def audiences(self: Organisation, create: bool, extracted: Any) -> None:
        """Say for whom it works: ``audiences=[…]``."""
        if create and extracted:
            self.audiences.set(extracted)


class FormerNameFactory(DjangoModelFactory):
    """A name that an organisation no longer has."""

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Ancien nom {n}")
    kind = FormerName.Kind.FORMER

    class Meta:
        model = FormerName


class MembershipFactory(DjangoModelFactory):
    """A person's place in an organisation, as an ordinary member."""

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Membership.Role.MEMBER

    class Meta:
        model = Membership


class EditorFactory(UserFactory):
    """A person who writes in the name of ``organisation``, a new one unless given."""

    first_name = "Rédactrice"

    @factory.post_generation
    def organisation(self: User, create: bool, extracted: Organisation | None) -> None:
        """Give the account its place in the organisation."""
        if create:
            organisation = extracted or OrganisationFactory()
            MembershipFactory(user=self, organisation=organisation, role=Membership.Role.EDITOR)


class ManagerFactory(UserFactory):
    """A person responsible for ``organisation``, a new one unless given."""

    first_name = "Responsable"

    @factory.post_generation
    def organisation(self: User, create: bool, extracted: Organisation | None) -> None:
        """Give the account its place in the organisation."""
        if create:
            organisation = extracted or OrganisationFactory()
            MembershipFactory(user=self, organisation=organisation, role=Membership.Role.MANAGER)
