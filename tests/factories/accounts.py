"""People by their role; every one of them may sign in with PASSWORD."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from portal.accounts.models import User
from portal.accounts.services import appoint_animator
from portal.taxonomy.models import Territory
from tests.factories.taxonomy import RegionFactory

PASSWORD = "Une-phrase-de-test-longue"


class UserFactory(DjangoModelFactory):
    """A member whom the community has admitted."""

    email = factory.Sequence(lambda n: f"membre{n}@test.example")
    first_name = "Membre"
    last_name = factory.Sequence(lambda n: f"N{n}")
    membership_status = User.MembershipStatus.APPROVED

    class Meta:
        model = User
        skip_postgeneration_save = True

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        password = kwargs.pop("password", PASSWORD)
        return model_class.objects.create_user(kwargs.pop("email"), password, **kwargs)


class PendingUserFactory(UserFactory):
    """A person who waits for the community's decision."""

    membership_status = User.MembershipStatus.PENDING


class AdministratorFactory(UserFactory):
    """An administrator of the whole portal."""

    first_name = "Administrateur"
    is_superuser = True


class AnimatorFactory(UserFactory):
    """An animator of ``region``, Bretagne unless given."""

    first_name = "Animateur"

    @factory.post_generation
    def region(self: User, create: bool, extracted: Territory | None) -> None:
        """Appoint the account."""
        if create:
            appoint_animator(user=self, territory=extracted or RegionFactory())
