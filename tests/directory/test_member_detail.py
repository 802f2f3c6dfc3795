"""The page of a member: who reads which part, and the photo."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from directory.enums import Visibility
from directory.models import PROFILE_PARTS, Profile
from directory.people import introduce_accounts, present_member
from portal.accounts.models import User
from tests.directory.people import full_member, make_member, show
from tests.factories import MembershipFactory, OrganisationFactory, PendingUserFactory, UserFactory
from tests.support.queries import assert_constant_queries
from tests.taxonomy.factories import DepartmentFactory, ThemeFactory

pytestmark = pytest.mark.django_db

#: What tells each part in the page of ``full_member``.
TRACES = {
    "name": "Nomzz",
    "job_title": "Fonctionzz",
    "photo": "/photo/",
    "organisations": "Structurezz",
    "presentation": "Présentationzz",
    "skills": "Compétencezz",
    "themes": "Thèmezz",
    "territories": "Départementzz",
    "contact_email": "contactzz@test.example",
    "phone": "02 96 12 34 56".replace(" ", "\N{NO-BREAK SPACE}"),
}


@pytest.fixture
def profile() -> Profile:
    made = full_member(
        themes=[ThemeFactory(name="Thèmezz")], territories=[DepartmentFactory(code="22", name="Départementzz")]
    )
    MembershipFactory(user=made.user, organisation=OrganisationFactory(name="Structurezz"))
    return made


def as_member(client: Client) -> Client:
    client.force_login(UserFactory())
    return client


def parts_told(html: str) -> set[str]:
    return {part for part, trace in TRACES.items() if trace in html}


def test_every_part_has_its_trace() -> None:
    assert set(TRACES) == set(PROFILE_PARTS)


def test_by_default_nothing_is_public_and_reachability_is_for_nobody(client: Client, profile: Profile) -> None:
    address = profile.get_absolute_url()
    assert client.get(address).status_code == 404
    told = parts_told(as_member(client).get(address).content.decode())
    assert told == set(PROFILE_PARTS) - {"contact_email", "phone"}


@pytest.mark.parametrize("part", PROFILE_PARTS)
def test_one_public_part_is_all_that_a_visitor_reads(client: Client, profile: Profile, part: str) -> None:
    for other in PROFILE_PARTS:
        show(profile, other, Visibility.MEMBERS)
    show(profile, part, Visibility.PUBLIC)
    response = client.get(profile.get_absolute_url())
    assert response.status_code == 200
    assert parts_told(response.content.decode()) == {part}


@pytest.mark.parametrize("part", [part for part in PROFILE_PARTS if part != "name"])
def test_a_part_for_nobody_is_read_by_nobody_else(client: Client, profile: Profile, part: str) -> None:
    for other in PROFILE_PARTS:
        show(profile, other, Visibility.PUBLIC)
    show(profile, part, Visibility.NOBODY)
    for reader in (client, as_member(Client())):
        assert parts_told(reader.get(profile.get_absolute_url()).content.decode()) == set(PROFILE_PARTS) - {part}


def test_a_public_part_that_is_empty_opens_no_page(client: Client) -> None:
    profile = make_member(readers=Visibility.PUBLIC, name_visibility=Visibility.MEMBERS)
    assert client.get(profile.get_absolute_url()).status_code == 404
    make_member(profile.user, skills=["Médiation"])
    assert client.get(profile.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "hidden",
    [
        {"is_listed": False},
        {"name_visibility": Visibility.NOBODY},
        {"membership_status": User.MembershipStatus.SUSPENDED},
        {"membership_status": User.MembershipStatus.PENDING},
        {"is_active": False},
    ],
    ids=lambda hidden: next(iter(hidden)),
)
def test_who_is_hidden_or_not_of_the_community_has_no_page(
    client: Client, profile: Profile, hidden: dict[str, object]
) -> None:
    for part in PROFILE_PARTS:
        show(profile, part, Visibility.PUBLIC)
    address = profile.get_absolute_url()
    assert client.get(address).status_code == 200
    for name, value in hidden.items():
        holder = profile.user if hasattr(profile.user, name) else profile
        setattr(holder, name, value)
        holder.save()
    assert client.get(address).status_code == 404
    assert client.get(f"{address}photo/").status_code == 404
    assert as_member(client).get(address).status_code == 404


def test_one_s_own_page_opens_even_when_hidden(client: Client, profile: Profile) -> None:
    profile.is_listed = False
    profile.save()
    client.force_login(profile.user)
    response = client.get(profile.get_absolute_url())
    assert response.status_code == 200
    assert "/mon-espace/mon-profil/" in response.content.decode()


def test_a_person_who_waits_for_approval_reads_what_visitors_read(client: Client, profile: Profile) -> None:
    client.force_login(PendingUserFactory())
    assert client.get(profile.get_absolute_url()).status_code == 404


def test_the_photo_is_served_by_the_rule_of_the_page_and_kept_by_no_cache(client: Client, profile: Profile) -> None:
    address = f"{profile.get_absolute_url()}photo/"
    assert client.get(address).status_code == 404
    response = as_member(client).get(address)
    assert response.status_code == 200
    assert b"".join(response.streaming_content)[8:12] == b"WEBP"
    assert "no-store" in response["Cache-Control"]
    show(profile, "photo", Visibility.NOBODY)
    assert client.get(address).status_code == 404


def test_the_photo_has_no_public_address(profile: Profile) -> None:
    with pytest.raises(ValueError, match="accessible"):
        _ = profile.photo.url


def test_a_lost_photo_is_not_found(client: Client, profile: Profile) -> None:
    profile.photo.storage.delete(profile.photo.name)
    assert as_member(client).get(f"{profile.get_absolute_url()}photo/").status_code == 404


def test_an_organisation_that_is_not_listed_does_not_show(profile: Profile) -> None:
    MembershipFactory(user=profile.user, organisation=OrganisationFactory(name="Cachée", is_listed=False))
    MembershipFactory(user=profile.user, organisation=OrganisationFactory(name="Quittée"), left_at=profile.created_at)
    names = [place.organisation.name for place in present_member(profile, UserFactory()).organisations]
    assert names == ["Structurezz"]


def test_a_nameless_member_is_called_by_no_name(profile: Profile) -> None:
    assert "Nomzz" not in present_member(profile, AnonymousUser()).name
    assert present_member(profile, AnonymousUser()).initials
    [lead] = introduce_accounts([profile.user], UserFactory())
    assert (lead.name, lead.job_title, lead.url) == ("Prénomzz Nomzz", "Fonctionzz", profile.get_absolute_url())
    show(profile, "job_title", Visibility.NOBODY)
    profile.user.refresh_from_db()
    [lead] = introduce_accounts([profile.user], UserFactory())
    assert (lead.name, lead.job_title) == ("Prénomzz Nomzz", "")


@pytest.mark.parametrize("short_id", ["inconnue", "%00", "x" * 500, "É", "../etc"])
def test_unknown_addresses_are_not_found(client: Client, short_id: str) -> None:
    assert as_member(client).get(f"/annuaire/membres/{short_id}/").status_code == 404


def test_typed_text_is_only_text(client: Client, profile: Profile) -> None:
    profile.presentation = "<script>alert(1)</script> **gras** [lien](javascript:alert(1))"
    profile.user.job_title = "<img src=x onerror=alert(1)>"
    profile.user.save()
    profile.save()
    html = as_member(client).get(profile.get_absolute_url()).content.decode()
    assert "<strong>gras</strong>" in html
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert 'href="javascript' not in html


def test_every_account_has_a_profile_that_follows_its_name() -> None:
    user = UserFactory(last_name="Éléphant")
    assert user.profile.search_text.startswith("elephant")
    user.last_name = "Zèbre"
    user.save()
    user.profile.refresh_from_db()
    assert user.profile.search_text.startswith("zebre")


def test_the_organisation_s_page_lists_whom_the_reader_may_know(client: Client, profile: Profile) -> None:
    organisation = profile.user.memberships.get().organisation
    address = organisation.get_absolute_url()
    assert "Nomzz" not in client.get(address).content.decode()
    assert "Nomzz" in as_member(Client()).get(address).content.decode()
    show(profile, "name", Visibility.PUBLIC)
    assert "Nomzz" not in client.get(address).content.decode()
    show(profile, "organisations", Visibility.PUBLIC)
    assert "Nomzz" in client.get(address).content.decode()
    show(profile, "organisations", Visibility.NOBODY)
    assert "Nomzz" not in as_member(Client()).get(address).content.decode()


def test_same_queries_at_one_and_three_rows(client: Client, profile: Profile) -> None:
    as_member(client)

    def add_row() -> None:
        MembershipFactory(user=profile.user)
        profile.themes.add(ThemeFactory())
        profile.territories.add(DepartmentFactory(code=f"{profile.territories.count() + 50}"))
        make_member(profile.user, skills=[f"Compétence {n}" for n in range(profile.skills.count() + 1)])

    assert_constant_queries(add_row=add_row, call=lambda: client.get(profile.get_absolute_url()), budget=14)


def test_same_queries_on_the_organisation_s_page(client: Client) -> None:
    as_member(client)
    organisation = OrganisationFactory()
    assert_constant_queries(
        add_row=lambda: MembershipFactory(user=make_member(skills=["Médiation"]).user, organisation=organisation),
        call=lambda: client.get(organisation.get_absolute_url()),
        budget=30,
    )
