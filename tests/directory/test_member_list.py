"""The members' directory: who is in it, for whom, and what its filters find."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.enums import Visibility
from directory.member_facets import read_member_filter
from directory.models import Organisation, Profile
from directory.selectors import organisations_with_members
from portal.accounts.models import User
from tests.directory.people import full_member, make_member
from tests.factories import MembershipFactory, OrganisationFactory, PendingUserFactory, UserFactory
from tests.support.queries import assert_constant_queries
from tests.taxonomy.factories import CountryFactory, DepartmentFactory, RegionFactory, ThemeFactory

pytestmark = pytest.mark.django_db
URL = "/annuaire/membres/"


@pytest.fixture
def reader() -> User:
    """A member who is in no list, so that lists hold what a test made."""
    user = UserFactory(last_name="Lecteur")
    Profile.objects.filter(user=user).update(is_listed=False)
    return user


@pytest.fixture
def member(client: Client, reader: User) -> Client:
    client.force_login(reader)
    return client


def get(client: Client, **query: Any) -> Any:
    response = client.get(URL, query)
    assert response.status_code == 200
    return response


def names(response: Any) -> list[str]:
    return [card["name"].split()[-1] for card in response.context["cards"]]


def options(response: Any, name: str) -> dict[str, int]:
    facets = [facet for facet in response.context["facets"] if facet["name"] == name]
    return {option.value: option.count for facet in facets for option in facet["options"]}


def test_visitors_are_asked_to_sign_in_and_who_waits_is_refused(client: Client) -> None:
    full_member()
    response = client.get(URL)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))
    client.force_login(PendingUserFactory())
    response = client.get(URL)
    assert response.status_code == 403
    assert b"Nomzz" not in response.content


def test_only_admitted_active_members_who_show_themselves(member: Client) -> None:
    make_member(last_name="Visible")
    make_member(last_name="Cachée", is_listed=False)
    make_member(last_name="Anonyme", name_visibility=Visibility.NOBODY)
    for fields in (
        {"membership_status": User.MembershipStatus.PENDING},
        {"membership_status": User.MembershipStatus.REFUSED},
        {"membership_status": User.MembershipStatus.SUSPENDED},
        {"is_active": False},
    ):
        make_member(UserFactory(last_name="Absente", **fields))
    assert names(get(member)) == ["Visible"]
    assert {facet["name"] for facet in get(member).context["facets"]} == set()


def test_names_sort_without_accents_and_the_latest_may_come_first(member: Client) -> None:
    for number, name in enumerate(("Zèbre", "École", "aide")):
        joined = timezone.now() - timedelta(days=number)
        make_member(UserFactory(last_name=name, date_joined=joined))
    assert names(get(member)) == ["aide", "École", "Zèbre"]
    assert names(get(member, tri="recent")) == ["Zèbre", "École", "aide"]
    assert names(get(member, tri="nonsense")) == ["aide", "École", "Zèbre"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("elephant", True),
        ("ÉLÉPHANT conseillere", True),
        ("mediation", True),
        ("bricoleurs", True),
        ("hebergement", True),
        ("elephant introuvable", False),
        ("0296", False),
    ],
)
def test_words_are_found_without_accents_in_all_that_members_read(member: Client, words: str, found: bool) -> None:
    profile = make_member(
        last_name="Éléphant",
        job_title="Conseillère",
        skills=["Médiation"],
        presentation="L’hébergement, surtout.",
        phone="+33296123456",
    )
    MembershipFactory(user=profile.user, organisation=OrganisationFactory(name="Les Bricoleurs"))
    assert bool(names(get(member, q=words))) is found


def test_parts_kept_from_members_are_neither_searched_nor_counted_nor_filtered(member: Client) -> None:
    theme, place = ThemeFactory(slug="logement"), DepartmentFactory()
    organisation = OrganisationFactory(name="Les Bricoleurs")
    profile = make_member(
        last_name="Discrète",
        job_title="Conseillère",
        presentation="Hébergement",
        skills=["Médiation"],
        themes=[theme],
        territories=[place],
        readers=Visibility.NOBODY,
        name_visibility=Visibility.MEMBERS,
    )
    MembershipFactory(user=profile.user, organisation=organisation)
    response = get(member)
    assert names(response) == ["Discrète"]
    assert response.context["facets"] == []
    for words in ("conseillere", "hebergement", "mediation", "bricoleurs"):
        assert names(get(member, q=words)) == [], words
    for query in (
        {"theme": "logement"},
        {"territoire": "dep-35"},
        {"structure": organisation.slug},
    ):
        assert names(get(member, **query)) == [], query
    # A skill that nobody shows is not even a filter.
    assert get(member, competence="mediation").context["chips"] == []


def test_within_a_filter_any_value_does_and_filters_narrow(member: Client) -> None:
    housing, work = ThemeFactory(name="Logement", slug="logement"), ThemeFactory(name="Emploi", slug="emploi")
    make_member(last_name="A", themes=[housing], skills=["Médiation"])
    make_member(last_name="B", themes=[housing, work], skills=["Interprétariat"])
    make_member(last_name="C", themes=[work], skills=["interpretariat"])
    assert names(get(member, theme=["logement", "emploi"])) == ["A", "B", "C"]
    both = get(member, theme="logement", competence="interpretariat")
    assert names(both) == ["B"]
    # Each count is what the choice would show with the other filters as they are.
    assert options(both, "theme") == {"logement": 1, "emploi": 2}
    assert options(both, "competence") == {"interpretariat": 1, "mediation": 1}


def test_a_theme_holds_those_below_it(member: Client) -> None:
    top = ThemeFactory(name="Emploi", slug="emploi")
    below = ThemeFactory(name="Projet", slug="projet", parent=top)
    make_member(last_name="A", themes=[below])
    make_member(last_name="B", themes=[top])
    assert names(get(member, theme="emploi")) == ["A", "B"]
    assert options(get(member), "theme") == {"emploi": 2}
    assert names(get(member, theme="projet")) == ["A"]


def test_territories_are_counted_as_they_filter(member: Client) -> None:
    brittany = RegionFactory()
    ille = DepartmentFactory(region=brittany)
    finistere = DepartmentFactory(code="29", name="Finistère", region=brittany)
    make_member(last_name="Ille", territories=[ille])
    make_member(last_name="Deux", territories=[ille, finistere])
    make_member(last_name="Bretagne", territories=[brittany])
    make_member(last_name="France", territories=[CountryFactory()])
    make_member(last_name="Nulle")
    counts = options(get(member), "territoire")
    assert counts == {"pays-FR": 4, "reg-53": 4, "dep-29": 3, "dep-35": 4}
    for code, count in counts.items():
        assert len(names(get(member, territoire=code))) == count, code


def test_organisations_filter_by_active_places(member: Client) -> None:
    organisation = OrganisationFactory(name="Les Bricoleurs")
    MembershipFactory(user=make_member(last_name="Présente").user, organisation=organisation)
    MembershipFactory(user=make_member(last_name="Partie").user, organisation=organisation, left_at=timezone.now())
    response = get(member, structure=organisation.slug)
    assert names(response) == ["Présente"]
    assert options(response, "structure") == {organisation.slug: 1}


def test_the_tab_of_members_is_shown_to_members_alone(client: Client, reader: User) -> None:
    assert URL not in client.get("/annuaire/").content.decode()
    client.force_login(reader)
    assert f'href="{URL}"' in client.get("/annuaire/").content.decode()


def test_chips_remove_one_filter_each(member: Client) -> None:
    make_member(themes=[ThemeFactory(name="Emploi", slug="emploi")], skills=["Médiation"])
    response = get(member, q="membre", theme="emploi", competence="mediation", tri="recent", page="1")
    chips = {chip["label"]: chip["url"] for chip in response.context["chips"]}
    assert chips["Emploi"] == f"{URL}?q=membre&competence=mediation&tri=recent"
    assert chips["Médiation"] == f"{URL}?q=membre&theme=emploi&tri=recent"


def test_twenty_a_page(member: Client) -> None:
    UserFactory.create_batch(21)
    assert len(names(get(member))) == 20
    assert len(names(get(member, page=99))) == 1


@pytest.mark.parametrize(
    "query",
    [
        "page=abc",
        "theme=%00&territoire=dep-%00",
        "competence=%00&structure=%00",
        "competence=" + "-" * 60,
        "q=%00",
        "q=" + "x" * 10_000,
        "q=%ED%A0%80%FF",
        "&".join(f"competence=k{number}" for number in range(900)),
        "q=%25_%5C",
        "q=%3Cscript%3Ealert(1)%3C/script%3E",
    ],
)
def test_odd_addresses_never_fail(member: Client, query: str) -> None:
    make_member()
    response = member.get(f"{URL}?{query}")
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


def test_same_queries_at_one_and_three_rows(member: Client) -> None:
    counter = iter(range(40, 60))

    def add_row() -> None:
        number = next(counter)
        profile = make_member(
            skills=[f"Compétence {number}"], themes=[ThemeFactory()], territories=[DepartmentFactory(code=str(number))]
        )
        MembershipFactory(user=profile.user)

    assert_constant_queries(add_row=add_row, call=lambda: get(member), budget=24)


def test_an_organisation_that_was_merged_away_is_no_choice(member: Client) -> None:
    kept, absorbed = OrganisationFactory(), OrganisationFactory()
    place = MembershipFactory(organisation=absorbed)
    assert options(get(member), "structure") == {absorbed.slug: 1}
    # What the merge should have moved stays behind: it is shown and counted nowhere.
    Organisation.objects.filter(pk=absorbed.pk).update(merged_into=kept)
    assert options(get(member), "structure") == {}
    found = get(member, structure=absorbed.slug)
    assert options(found, "structure") == {}
    assert place.user.last_name in names(found), "a choice that names nothing filters nothing"
    assert absorbed.name not in found.content.decode()
    assert read_member_filter({"structure": [absorbed.slug]}).organisations == ()
    assert organisations_with_members(place.user) == []
