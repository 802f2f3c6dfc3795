"""Finding further: the map of the list, sheets side by side, comparable projects."""

from itertools import count

import pytest
from django.test import Client

from portal.taxonomy.models import Audience, Territory, Theme
from project_sheets.comparison.picks import address_of, pick_of
from project_sheets.comparison.similar import _added, _weighing, comparable_to
from project_sheets.models import Action, Call, Partnership, ProjectSheetPage, RegionIndexPage
from project_sheets.services import open_region
from tests.factories.sheets import CallFactory
from tests.project_sheets.test_pages import sheet_with
from tests.support.queries import assert_constant_queries, process_memory, queries_of
from tests.support.world import SECRETS, build_world, make_call, make_projects_index, make_territories, make_user

pytestmark = pytest.mark.django_db

COMPARE = "/projets/comparer/"


@pytest.fixture
def places(db: None) -> dict[str, Territory]:
    return make_territories()


@pytest.fixture
def regions(places: dict[str, Territory]) -> dict[str, RegionIndexPage]:
    index = make_projects_index()
    return {
        "35": open_region(index=index, territory=places["53"], slug="bretagne"),
        "41": open_region(index=index, territory=places["24"], slug="centre-val-de-loire"),
    }


@pytest.fixture
def call(db: None) -> Call:
    return make_call()


def test_the_map_counts_what_its_links_list(
    client: Client, regions: dict[str, RegionIndexPage], call: Call, places: dict[str, Territory]
) -> None:
    sheet_with(regions["35"], call, "Un", territories=[places["35"]])
    sheet_with(regions["35"], call, "Toute la région", territories=[places["53"], places["35"]])
    sheet_with(regions["41"], call, "Ailleurs", territories=[places["41"]])
    page = client.get("/projets/?vue=carte&tri=titre")
    shown = {area.outline.code: area for area in page.context["map"].listed}
    assert {code: area.value for code, area in shown.items()} == {"35": 2, "41": 1}
    for area in shown.values():
        assert "tri=titre" in area.url
        assert "vue=" not in area.url
        assert client.get(area.url).context["page"].paginator.count == area.value
    # The map itself is drawn only where it is asked for.
    assert b"map__drawing" in page.content
    assert b"map__drawing" not in client.get("/projets/").content


def test_ticked_projects_stay_chosen_from_page_to_page(
    client: Client, regions: dict[str, RegionIndexPage], call: Call
) -> None:
    sheet_with(regions["35"], call, "Un")
    page = client.get("/projets/?f=bretagne.un&f=bretagne.ailleurs&f=<x>")
    assert page.context["picks"] == ["bretagne.un", "bretagne.ailleurs"]
    assert page.context["picks_elsewhere"] == ["bretagne.ailleurs"]
    html = page.content.decode()
    assert html.count('value="bretagne.un"') == 2  # The ticked box, and the filters' form.
    assert 'form="comparer"' in html


def test_a_pick_is_the_end_of_an_address() -> None:
    assert pick_of("/projets/bretagne/adventus/") == "bretagne.adventus"
    assert address_of("bretagne.adventus") == ("bretagne", "adventus")
    assert [address_of(pick) for pick in ("", "bretagne", "a.b.c", "../x.y", "é.b")] == [None] * 5


def test_side_by_side_at_the_reader_s_depth(client: Client) -> None:
    world = build_world()
    url = f"{COMPARE}?f=bretagne.projet-public&f=centre-val-de-loire.projet-d-ailleurs&f=bretagne.projet-brouillon"
    public = client.get(url).content.decode()
    assert "Projet public" in public
    assert "Projet d’ailleurs" in public
    assert not [secret for secret in SECRETS.values() if secret in public]
    found = world.client("member").get(url)
    members = found.content.decode()
    assert "7\u202f654\u202f321" in members
    assert SECRETS["team_role.label"] in members
    assert SECRETS["draft.title"] not in members
    assert found.context["missing"] == 1
    assert SECRETS["draft.title"] in world.client("lead").get(url).content.decode()


def test_four_at_most_and_only_the_differences(client: Client, regions: dict[str, RegionIndexPage], call: Call) -> None:
    for title in ("Un", "Deux", "Trois", "Quatre", "Cinq"):
        sheet_with(regions["35"], call, title)
    picks = "&".join(f"f=bretagne.{slug}" for slug in ("un", "deux", "trois", "quatre", "cinq"))
    page = client.get(f"{COMPARE}?{picks}")
    assert [column["title"] for column in page.context["columns"]] == ["Un", "Deux", "Trois", "Quatre"]
    assert page.context["too_many"]
    labels = {str(row.label) for group in page.context["groups"] for row in group.rows}
    assert "Appel à projets" in labels
    page = client.get(f"{COMPARE}?{picks}&differences=1")
    different = {str(row.label) for group in page.context["groups"] for row in group.rows}
    assert different == {"Porteur de projet"}
    for query in ("", "?f=", "?f=%00", "?f=bretagne.un", "?f=nulle.part"):
        assert client.get(f"{COMPARE}{query}").status_code == 200


def test_sums_of_weights_by_sets() -> None:
    digits = _added([(0b0111, 4), (0b0011, 2), (0b0001, 5)])
    assert {weight: _weighing(digits, weight) & 0b1111 for weight in (4, 6, 11)} == {4: 0b0100, 6: 0b0010, 11: 0b0001}


def test_comparable_projects_come_with_their_reasons(
    client: Client, regions: dict[str, RegionIndexPage], call: Call, places: dict[str, Territory]
) -> None:
    housing = Theme.objects.create(name="Logement", slug="logement")
    health = Theme.objects.create(name="Santé", slug="sante")
    people = Audience.objects.create(name="Réfugiés", slug="refugies")
    other_call = CallFactory(title="Autre appel")
    mine = sheet_with(regions["35"], call, "Le mien", themes=[housing, health], audiences=[people])
    near = sheet_with(regions["41"], other_call, "Proche", themes=[housing, health])
    less = sheet_with(regions["35"], call, "Moins proche", themes=[housing])
    sheet_with(regions["35"], call, "Rien en commun")
    draft = sheet_with(regions["35"], call, "Brouillon", themes=[housing, health])
    draft.unpublish()
    found = comparable_to(mine.pk)
    assert [entry.card.title for entry in found] == [near.title, less.title]
    assert list(found[0].reasons) == [
        "Mêmes thèmes\N{NO-BREAK SPACE}: Logement, Santé",
        "Autre appel\N{NO-BREAK SPACE}: Autre appel",
        "Autre région",
    ]
    assert "Projets comparables" in client.get(ProjectSheetPage.objects.get(pk=mine.pk).public_path).content.decode()


def test_comparing_asks_the_same_queries_whatever_the_rows(
    client: Client, regions: dict[str, RegionIndexPage], call: Call
) -> None:
    one, other = (sheet_with(regions["35"], call, title) for title in ("Un", "Deux"))
    client.force_login(make_user("member"), backend="portal.accounts.backends.MemberBackend")
    numbers = count()

    def add_row() -> None:
        for sheet in (one, other):
            sheet.actions.add(Action(title=f"Action {next(numbers)}"))
            sheet.partnerships.add(Partnership(label=f"Partenaire {next(numbers)}"))
            sheet.save()

    url = f"{COMPARE}?f=bretagne.un&f=bretagne.deux"
    # Nothing is remembered here: each of the two sheets reads what finds and frames it (4), its words and
    # rows (11) and the index where projects like it are found (13). The rest is who is reading.
    assert_constant_queries(add_row=add_row, call=lambda: client.get(url), budget=61)
    with process_memory():
        # A process that has shown both once asks who is reading and what they have to read.
        assert len(queries_of(lambda: client.get(url))) <= 5
