from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory import presentation, views
from directory.models import Organisation
from tests.directory.factories import FormerNameFactory, KindFactory, OrganisationFactory
from tests.support.queries import queries_of
from tests.taxonomy.factories import CommuneFactory, CountryFactory, DepartmentFactory, RegionFactory, ThemeFactory

pytestmark = pytest.mark.django_db
URL = "/annuaire/"


def get(client: Client, **query: Any) -> Any:
    response = client.get(URL, query)
    assert response.status_code == 200
    return response


def titles(response: Any) -> list[str]:
    return [card.title for card in response.context["cards"]]


def options(response: Any, name: str) -> dict[str, int]:
    facet = next(facet for facet in response.context["facets"] if facet["name"] == name)
    return {option.value: option.count for option in facet["options"]}


def test_address() -> None:
    assert reverse("directory:index") == URL


def test_the_empty_directory_offers_one_action(client: Client) -> None:
    assert 'href="/themes/"' in get(client).content.decode()


def test_names_are_sorted_without_accents(client: Client) -> None:
    for name in ("Zèbre", "École", "aide", "Défis"):
        OrganisationFactory(name=name)
    assert titles(get(client)) == ["aide", "Défis", "École", "Zèbre"]


def test_lately_updated_first(client: Client) -> None:
    old, new = OrganisationFactory(name="A"), OrganisationFactory(name="B")
    Organisation.objects.filter(pk=old.pk).update(updated_at="2020-01-01T00:00Z")
    assert titles(get(client, tri="recent")) == [new.name, old.name]
    assert titles(get(client, tri="nonsense")) == [old.name, new.name]


def test_within_a_filter_any_value_does_and_filters_narrow(client: Client) -> None:
    local, chamber = KindFactory(), KindFactory(name="Chambre", slug="chambre")
    housing, work = ThemeFactory(name="Logement", slug="logement"), ThemeFactory(name="Emploi", slug="emploi")
    OrganisationFactory(name="A", kind=local, themes=[housing])
    OrganisationFactory(name="B", kind=chamber, themes=[housing, work])
    OrganisationFactory(name="C", kind=chamber, themes=[work])
    assert titles(get(client, type=["association", "chambre"])) == ["A", "B", "C"]
    assert titles(get(client, type="chambre", theme="logement")) == ["B"]
    both = get(client, type="chambre", theme=["logement", "emploi"])
    assert titles(both) == ["B", "C"]
    # Each count is what the choice would show with the other filters as they are.
    assert options(both, "type") == {"association": 1, "chambre": 2}
    assert options(both, "theme") == {"logement": 1, "emploi": 2}


def test_a_theme_holds_those_below_it(client: Client) -> None:
    top = ThemeFactory(name="Emploi", slug="emploi")
    below = ThemeFactory(name="Projet", slug="projet", parent=top)
    OrganisationFactory(name="A", themes=[below, top])
    OrganisationFactory(name="B", themes=[top])
    assert titles(get(client, theme="emploi")) == ["A", "B"]
    assert options(get(client), "theme") == {"emploi": 2}
    narrow = get(client, theme="projet")
    assert titles(narrow) == ["A"]
    assert options(narrow, "theme") == {"emploi": 2, "projet": 1}


def test_territories_are_counted_as_they_filter(client: Client) -> None:
    brittany = RegionFactory()
    rennes = CommuneFactory(population=1)
    finistere = DepartmentFactory(code="29", name="Finistère")
    OrganisationFactory(name="Rennes", territories=[rennes])
    OrganisationFactory(name="Rennes et Finistère", territories=[rennes, rennes.department, finistere])
    OrganisationFactory(name="Bretagne", territories=[brittany])
    OrganisationFactory(name="France", territories=[CountryFactory()])
    OrganisationFactory(name="Siège", seat=rennes)
    OrganisationFactory(name="Nulle part")
    counts = options(get(client), "territoire")
    assert counts == {"reg-53": 5, "dep-29": 3, "dep-35": 5}
    for code, count in counts.items():
        assert len(titles(get(client, territoire=code))) == count
    assert titles(get(client, territoire="com-35238"))[:1] == ["Bretagne"]
    assert options(get(client, territoire="com-35238"), "territoire")["com-35238"] == 5


def test_any_territory_finds_and_counts_who_acts_there(client: Client) -> None:
    """As ``acting_in`` has it, whatever the level and whether it is asked for alone or with others."""
    rennes = CommuneFactory()
    group = RegionFactory(
        level="epci", code="243500139", name="Rennes Métropole", region=rennes.region, department=rennes.department
    )
    rennes.epci = group
    rennes.save()
    brest = CommuneFactory(code="29019", name="Brest", department=DepartmentFactory(code="29", region=rennes.region))
    lyon = CommuneFactory(
        code="69123", name="Lyon", department=DepartmentFactory(code="69", region=RegionFactory(code="84"))
    )
    places = [CountryFactory(), rennes.region, rennes.department, group, rennes, brest, lyon]
    for number, place in enumerate(places):
        OrganisationFactory(name=f"Acts {number}", territories=[place], seat=lyon)
        OrganisationFactory(name=f"Sits {number}", seat=place)
    OrganisationFactory(name="Acts in two", territories=[brest, group])
    OrganisationFactory(name="Nowhere")
    together = options(get(client, territoire=[place.public_code for place in places]), "territoire")
    for place in places:
        expected = set(Organisation.objects.acting_in([place]).values_list("name", flat=True))
        assert set(titles(get(client, territoire=place.public_code))) == expected, place
        assert together[place.public_code] == len(expected), place


def test_fifty_communes_are_asked_for_as_one_is(client: Client) -> None:
    communes = [CommuneFactory(code=f"352{number}", name=f"Commune {number}") for number in range(10, 60)]
    OrganisationFactory(territories=communes[:1])
    OrganisationFactory(seat=communes[-1])
    codes = [commune.public_code for commune in communes]
    asked = [len(queries_of(lambda some=codes[:count]: get(client, territoire=some))) for count in (1, 10, 50)]
    assert asked[0] == asked[1] == asked[2]


def test_search_in_names(client: Client) -> None:
    FormerNameFactory(organisation=OrganisationFactory(name="France Travail"), name="Pôle emploi")
    OrganisationFactory(name="Autre")
    assert titles(get(client, q="pole")) == ["France Travail"]


def test_chips_remove_one_filter_each(client: Client) -> None:
    OrganisationFactory(themes=[ThemeFactory(name="Emploi", slug="emploi")])
    response = get(client, q="structure", theme="emploi", tri="recent", page="1")
    chips = {chip["label"]: chip["url"] for chip in response.context["chips"]}
    assert chips["Emploi"] == f"{URL}?{urlencode({'q': 'structure', 'tri': 'recent'})}"
    assert f"{URL}?{urlencode({'theme': 'emploi', 'tri': 'recent'})}" in chips.values()
    assert 'href="/annuaire/"' in response.content.decode()


def test_no_result_says_so_and_keeps_the_filters(client: Client) -> None:
    OrganisationFactory(kind=KindFactory(name="Chambre", slug="chambre"))
    response = get(client, q="introuvable", type="chambre")
    assert titles(response) == []
    assert options(response, "type") == {"chambre": 0}
    assert len(response.context["chips"]) == 2


def test_twenty_a_page(client: Client) -> None:
    OrganisationFactory.create_batch(41)
    assert len(titles(get(client))) == 20
    last = get(client, page=3, tri="recent")
    assert len(titles(last)) == 1
    assert "tri=recent" in last.content.decode()
    assert titles(get(client, page=99)) == titles(get(client, page=3))


@pytest.mark.parametrize(
    "query",
    [
        "page=abc",
        "page=-1",
        "page=" + "9" * 5000,
        "type=999",
        "type=%00",
        "theme=%00&territoire=dep-%00",
        "territoire=dep-99&territoire=x",
        "q=%00",
        "q=" + "x" * 10_000,
        "q=" + "%F0%9F%98%80" * 20,
        "q=%ED%A0%80%FF",
        "tri=%00",
        "&".join(f"type=k{number}" for number in range(900)),
        "q=a&q=b&page=1&page=2",
        "q[]=1&type[$ne]=1",
        "territoire=" + "&territoire=".join(f"dep-{number:02}" for number in range(95)),
        "q=%3Cscript%3Ealert(1)%3C/script%3E",
    ],
)
def test_odd_addresses_never_fail(client: Client, query: str) -> None:
    OrganisationFactory()
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


def test_words_too_long_are_refused_with_a_message(client: Client) -> None:
    OrganisationFactory()
    response = get(client, q="x" * 101)
    assert response.context["form"].errors["q"]
    assert len(titles(response)) == 1


def test_what_is_not_listed_is_nowhere(client: Client) -> None:
    theme = ThemeFactory()
    OrganisationFactory(
        name="Cachée", is_listed=False, themes=[theme], territories=[DepartmentFactory()], kind=KindFactory(slug="k")
    )
    response = get(client)
    assert titles(response) == []
    assert all(not facet["options"] for facet in response.context["facets"])
    assert "Cachée" not in response.content.decode()


def test_a_full_shelf_loses_no_organisation(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of cards made before and of new ones, once a process has so many that it begins anew."""
    monkeypatch.setattr(presentation, "MOST_CARDS", 1)
    shelf: dict[int, Any] = {}
    monkeypatch.setattr(presentation, "_shelf", lambda: shelf)
    known = [OrganisationFactory(name=name).pk for name in ("A", "C")]
    presentation.cards_of(known)
    OrganisationFactory(name="B")
    assert titles(get(client)) == ["A", "B", "C"]
    assert len(shelf) == 1, "the shelf began anew"


def test_a_card_keeps_its_own_distance(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that went while the page was made leaves its distance to nobody."""
    near = CommuneFactory(postal_codes=["35000"])
    far = CommuneFactory(code="35051", name="Cesson", department=near.department, region=near.region)
    gone = OrganisationFactory(name="À Rennes", seat=near)
    OrganisationFactory(name="À Cesson", seat=far)
    original = views.cards_of
    monkeypatch.setattr(views, "cards_of", lambda keys: original(key for key in keys if key != gone.pk))
    (card,) = get(client, autour="Rennes 35000", rayon="10").context["cards"]
    assert card.title == "À Cesson"
    assert card.facts[0]["value"].startswith("environ "), "not the “less than 1 km” of the one that went"


def test_same_queries_at_one_and_three_rows(client: Client) -> None:
    counts = []
    for batch in (1, 2):
        for number in range(batch):
            OrganisationFactory(
                territories=[DepartmentFactory(), CommuneFactory()],
                seat=CommuneFactory(code=f"3500{batch}{number}"),
                themes=[ThemeFactory()],
                kind=KindFactory(name=f"Type {batch} {number}", slug=f"type-{batch}-{number}"),
            )
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            get(client)
        counts.append(len(queries))
    assert counts[0] == counts[1]
