"""Members in the search of the portal: who finds whom, and who is no longer found."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils.html import strip_tags

from directory.enums import Visibility
from portal.accounts.models import User
from portal.accounts.rules import AnyUser
from search.models import IndexTask, SearchDocument
from search.selectors import search_site
from tests.directory.people import full_member, make_member, show
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.taxonomy.factories import ThemeFactory

pytestmark = pytest.mark.django_db(transaction=True)


def found(reader: AnyUser, text: str) -> list[str]:
    """Return the titles that are found, without the marks around the words."""
    return [strip_tags(hit.title) for hit in search_site(user=reader, text=text, chosen={"type": ("member",)}).hits]


@pytest.fixture
def reader() -> User:
    return make_member(UserFactory(last_name="Lecteur"), is_listed=False).user


@pytest.mark.parametrize("text", ["nomzz", "fonctionzz", "presentationzz", "competencezz"])
def test_members_find_members_and_visitors_do_not(reader: User, text: str) -> None:
    full_member()
    assert found(reader, text) == ["Prénomzz Nomzz"]
    assert found(AnonymousUser(), text) == []


def test_how_to_reach_somebody_is_not_searched(reader: User) -> None:
    full_member(contact_email_visibility=Visibility.PUBLIC, phone_visibility=Visibility.PUBLIC)
    assert found(reader, "contactzz") == []
    assert found(reader, "0296123456") == []


def test_visitors_find_a_public_name_by_its_public_parts_alone(reader: User) -> None:
    profile = full_member()
    for part in ("name", "skills"):
        show(profile, part, Visibility.PUBLIC)
    assert found(AnonymousUser(), "competencezz") == ["Prénomzz Nomzz"]
    assert found(AnonymousUser(), "presentationzz") == []
    assert found(reader, "presentationzz") == ["Prénomzz Nomzz"]
    document = SearchDocument.objects.get(key__startswith="member:")
    assert "Présentationzz" not in document.body


def test_parts_for_nobody_find_nobody(reader: User) -> None:
    show(full_member(), "presentation", Visibility.NOBODY)
    assert found(reader, "presentationzz") == []
    assert not SearchDocument.objects.filter(members_body__contains="Présentationzz").exists()
    assert not SearchDocument.objects.filter(body__contains="Présentationzz").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"membership_status": User.MembershipStatus.SUSPENDED},
        {"is_active": False},
        {"is_listed": False},
        {"name_visibility": Visibility.NOBODY},
    ],
    ids=lambda change: next(iter(change)),
)
def test_who_hides_or_is_suspended_leaves_the_index(reader: User, change: dict[str, Any]) -> None:
    profile = full_member()
    for name, value in change.items():
        holder = profile.user if hasattr(profile.user, name) else profile
        setattr(holder, name, value)
        holder.save()
    assert not SearchDocument.objects.filter(key__startswith="member:").exists()
    assert found(reader, "nomzz") == []


def test_a_new_name_a_new_place_and_a_renamed_theme_are_followed(reader: User) -> None:
    theme = ThemeFactory(name="Ancienzz", slug="ancien")
    profile = make_member(last_name="Avantzz", themes=[theme])
    profile.user.last_name = "Aprèszz"
    profile.user.save()
    place = MembershipFactory(user=profile.user, organisation=OrganisationFactory(name="Bricoleurszz"))
    theme.name = "Nouveauzz"
    theme.save()
    for text in ("apreszz", "nouveauzz"):
        assert found(reader, text) == ["Membre Aprèszz"], text
    assert "Membre Aprèszz" in found(reader, "bricoleurszz")
    assert found(reader, "avantzz") == []
    place.delete()
    assert "Membre Aprèszz" not in found(reader, "bricoleurszz")


def test_signing_in_writes_nothing_to_the_index(client: Any) -> None:
    profile = full_member()
    before = SearchDocument.objects.get(key=f"member:{profile.pk}").pk
    client.force_login(profile.user)
    assert not IndexTask.objects.exists()
    assert SearchDocument.objects.get(key=f"member:{profile.pk}").pk == before
