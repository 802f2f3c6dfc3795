"""Finding an organisation: with a typing error, near a place, by what it is, on a map."""

import pytest
from django.test import Client
from django.utils import timezone

from directory.models import Network
from tests.directory.factories import OrganisationFactory
from tests.directory.test_organisation_list import get, options, titles
from tests.support.queries import assert_constant_queries
from tests.taxonomy.factories import AudienceFactory, CommuneFactory, CountryFactory, DepartmentFactory, ThemeFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["mision locale", "mission lcoale", "Missoin Locle"])
def test_a_typing_error_finds_the_nearest_names_and_says_so(client: Client, typed: str) -> None:
    OrganisationFactory(name="Mission locale de Brest")
    OrganisationFactory(name="Chambre des métiers")
    response = get(client, q=typed)
    assert titles(response) == ["Mission locale de Brest"]
    assert response.context["was_guessed"]
    assert not get(client, q="mission").context["was_guessed"]
    # Short words resemble everything: they are taken as they are.
    assert titles(get(client, q="zzz")) == []


def test_who_is_near_comes_first_with_the_distance(client: Client) -> None:
    rennes = CommuneFactory(postal_codes=["35000"])
    cesson = CommuneFactory(code="35051", name="Cesson-Sévigné", department=rennes.department, region=rennes.region)
    brest = CommuneFactory(code="29019", name="Brest")
    OrganisationFactory(name="À Brest", seat=brest)
    OrganisationFactory(name="À Rennes", seat=rennes)
    OrganisationFactory(name="À Cesson", seat=cesson)
    OrganisationFactory(name="Sans siège")
    near = get(client, autour="Rennes 35000", rayon="10")
    assert titles(near) == ["À Rennes", "À Cesson"]
    facts = [[fact["value"] for fact in card.facts] for card in near.context["cards"]]
    assert "moins de 1 km" in facts[0]
    assert facts[1][0].startswith("environ ")
    assert near.context["precision"] == "au centre de la commune"
    assert titles(get(client, autour="Rennes 35000", rayon="10", tri="nom")) == ["À Cesson", "À Rennes"]
    assert len(titles(get(client, autour="Rennes 35000", rayon="100"))) == 2
    [chip] = near.context["chips"]
    assert "autour" not in chip["url"]


@pytest.mark.parametrize("typed", ["Nulle-Part", "\x00", "Saint-Denis"])
def test_a_place_that_is_unknown_or_several_is_told_at_its_field(client: Client, typed: str) -> None:
    for code in ("93066", "97411"):
        CommuneFactory(code=code, name="Saint-Denis")
    OrganisationFactory()
    response = get(client, autour=typed)
    assert response.context["form"].errors["autour"]
    assert len(titles(response)) == 1


def test_networks_audiences_and_verified_pages_are_facets(client: Client) -> None:
    network = Network.objects.create(name="Missions locales", slug="missions-locales")
    audience = AudienceFactory(name="Jeunes", slug="jeunes")
    one = OrganisationFactory(name="A", verified_at=timezone.now())
    one.networks.add(network)
    one.audiences.add(audience)
    OrganisationFactory(name="B").audiences.add(audience)
    assert options(get(client), "public") == {"jeunes": 2}
    both = get(client, public="jeunes", reseau="missions-locales")
    assert titles(both) == ["A"]
    assert options(both, "public") == {"jeunes": 1}
    assert titles(get(client, verifiee="oui")) == ["A"]
    assert len(titles(get(client, reseau="inconnu"))) == 2


def test_every_figure_of_the_map_leads_to_as_long_a_list(client: Client) -> None:
    rennes, finistere = CommuneFactory(), DepartmentFactory(code="29", name="Finistère")
    OrganisationFactory(territories=[rennes])
    OrganisationFactory(territories=[rennes.region])
    OrganisationFactory(territories=[CountryFactory()])
    OrganisationFactory(territories=[finistere], is_listed=False)
    areas = {area.outline.code: area for area in client.get("/annuaire/carte/").context["map"].listed}
    assert {code: area.value for code, area in areas.items()} == {"35": 3, "29": 2}
    for area in areas.values():
        assert client.get(area.url).context["page"].paginator.count == area.value
    found = client.get("/annuaire/carte/points.geojson").json()["features"]
    assert found == []
    seated = OrganisationFactory(seat=rennes)
    [point] = client.get("/annuaire/carte/points.geojson").json()["features"]
    assert point["properties"]["title"] == seated.name
    assert point["geometry"]["coordinates"] == [seated.longitude, seated.latitude]


def test_same_queries_at_one_and_three_rows(client: Client) -> None:
    rennes = CommuneFactory(postal_codes=["35000"])

    def add() -> None:
        OrganisationFactory(seat=rennes, themes=[ThemeFactory()], territories=[rennes.department])

    # In a test nothing is remembered: the index is read for each request.
    assert_constant_queries(add_row=add, call=lambda: get(client, autour="Rennes 35000", theme="x"), budget=45)
