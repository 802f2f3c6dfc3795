"""The list of sheets, a sheet and a call, as pages."""

from datetime import date
from decimal import Decimal
from itertools import count

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from portal.taxonomy.models import Audience, Territory, Theme
from project_sheets.enums import FundingCategory, PartnerRole
from project_sheets.models import (
    Action,
    Call,
    FundingLine,
    Indicator,
    IndicatorValue,
    Partnership,
    ProjectSheetPage,
    RegionIndexPage,
    SheetDocument,
    TeamRole,
    Wave,
)
from project_sheets.models import Testimony as SheetTestimony
from project_sheets.services import open_region
from tests.factories.files import PDF
from tests.support.queries import assert_constant_queries, process_memory, queries_of
from tests.support.world import (
    make_call,
    make_organisation,
    make_projects_index,
    make_sheet,
    make_territories,
    make_user,
)

LIST = "/projets/"


@pytest.fixture
def places(db: None) -> dict[str, Territory]:
    return make_territories()


@pytest.fixture
def region(places: dict[str, Territory]) -> RegionIndexPage:
    return open_region(index=make_projects_index(), territory=places["53"], slug="bretagne")


@pytest.fixture
def call(db: None) -> Call:
    return make_call()


def sheet_with(region: RegionIndexPage, call: Call, title: str, **relations: object) -> ProjectSheetPage:
    fields = {name: relations.pop(name) for name in ("summary", "wave", "acronym") if name in relations}
    sheet = make_sheet(region, call, make_organisation(f"Structure {title}"), title=title, **fields)
    for name, values in relations.items():
        setattr(sheet, name, values)
    sheet.save_revision().publish()
    return sheet


def titles(client: Client, query: str = "") -> list[str]:
    response = client.get(f"{LIST}{query}")
    assert response.status_code == 200
    return [card.title for card in response.context["cards"]]


def theme(name: str) -> Theme:
    return Theme.objects.create(name=name, slug=name.lower())


def test_choices_of_one_facet_add_up_and_facets_narrow(
    client: Client, region: RegionIndexPage, call: Call, places: dict[str, Territory]
) -> None:
    housing, health = theme("Logement"), theme("Santé")
    audience = Audience.objects.create(name="Réfugiés", slug="refugies")
    sheet_with(region, call, "Un", themes=[housing], audiences=[audience])
    sheet_with(region, call, "Deux", themes=[health])
    sheet_with(region, call, "Trois")
    assert set(titles(client, f"?theme={housing.slug}&theme={health.slug}")) == {"Un", "Deux"}
    assert titles(client, f"?theme={housing.slug}&theme={health.slug}&public=refugies") == ["Un"]


def test_a_theme_finds_the_sheets_of_the_themes_below_it(client: Client, region: RegionIndexPage, call: Call) -> None:
    housing = theme("Logement")
    below = Theme.objects.create(name="Hébergement", slug="hebergement", parent=housing)
    sheet_with(region, call, "Un", themes=[below])
    response = client.get(f"{LIST}?theme=logement")
    assert [card.title for card in response.context["cards"]] == ["Un"]
    options = next(facet["options"] for facet in response.context["facets"] if facet["name"] == "theme")
    assert {(option.value, option.count) for option in options} == {("logement", 1), ("hebergement", 1)}


def test_a_project_of_a_whole_region_is_found_in_its_departments(
    client: Client, region: RegionIndexPage, call: Call, places: dict[str, Territory]
) -> None:
    sheet_with(region, call, "Régional", territories=[places["53"]])
    sheet_with(region, call, "Local", territories=[places["35"]])
    sheet_with(region, call, "Ailleurs", territories=[places["41"]])
    assert set(titles(client, "?territoire=dep-35")) == {"Régional", "Local"}
    assert set(titles(client, "?territoire=reg-53")) == {"Régional", "Local"}
    assert titles(client, "?territoire=dep-41") == ["Ailleurs"]


def test_counts_say_what_a_choice_would_show(
    client: Client, region: RegionIndexPage, call: Call, places: dict[str, Territory]
) -> None:
    housing, health = theme("Logement"), theme("Santé")
    sheet_with(region, call, "Un", themes=[housing, health], territories=[places["53"]])
    sheet_with(region, call, "Deux", themes=[housing], territories=[places["35"]])
    facets = {facet["name"]: facet["options"] for facet in client.get(f"{LIST}?theme={health.slug}").context["facets"]}
    for name, options in facets.items():
        for option in options:
            query = f"?{name}={option.value}" + ("" if name == "theme" else f"&theme={health.slug}")
            assert option.count == len(titles(client, query)), (name, option.label)


def test_each_chip_removes_its_own_filter(client: Client, region: RegionIndexPage, call: Call) -> None:
    housing = theme("Logement")
    sheet_with(region, call, "Un", themes=[housing])
    response = client.get(f"{LIST}?theme=logement&q=un&page=1")
    assert {chip["url"] for chip in response.context["chips"]} == {f"{LIST}?theme=logement", f"{LIST}?q=un"}


def test_words_are_searched_in_public_fields(client: Client, region: RegionIndexPage, call: Call) -> None:
    sheet_with(region, call, "Adventus", summary="Accompagnement global")
    sheet_with(region, call, "Autre")
    assert titles(client, "?q=ACCOMPAGNEMENT") == ["Adventus"]
    assert titles(client, "?q=adventus+global") == ["Adventus"]
    assert titles(client, "?q=adventus+introuvable") == []


def test_sorts(client: Client, region: RegionIndexPage, call: Call) -> None:
    for title in ("Beta", "Alpha"):
        sheet_with(region, call, title)
    assert titles(client, "?tri=titre") == ["Alpha", "Beta"]
    assert titles(client) == ["Alpha", "Beta"]  # Alpha was published last.


def test_a_region_s_list_holds_its_sheets_and_guests(
    client: Client, region: RegionIndexPage, call: Call, places: dict[str, Territory]
) -> None:
    other = open_region(index=make_projects_index(), territory=places["24"], slug="centre-val-de-loire")
    sheet_with(region, call, "Breton")
    sheet_with(other, call, "Invité", extra_regions=[places["53"]])
    sheet_with(other, call, "Autre")
    response = client.get("/projets/bretagne/")
    assert {card.title for card in response.context["cards"]} == {"Breton", "Invité"}


@pytest.mark.parametrize(
    "query",
    [
        "?page=abc",
        "?page=-1",
        "?page=99999999999999999999",
        "?vague=1%00",
        "?vague=99999999999999999999",
        "?theme=%00",
        "?territoire=dep-",
        "?territoire=dep-99&territoire=pays-zz&territoire=",
        "?q=%00",
        "?q=" + "a" * 10_000,
        "?q=%F0%9F%98%80+%27%22%5C%25_",
        "?tri=rien",
        "?" + "theme=x&" * 500,
    ],
)
def test_addresses_typed_by_hand_are_never_an_error(
    client: Client, region: RegionIndexPage, call: Call, query: str
) -> None:
    sheet_with(region, call, "Un")
    assert client.get(f"{LIST}{query}").status_code == 200


def fill(sheet: ProjectSheetPage, number: int) -> None:
    """Give a sheet ``number`` rows of every kind."""
    partners = [make_organisation(f"Partenaire {sheet.pk} {index}") for index in range(number)]
    sheet.total_budget = Decimal(1000)
    sheet.actions = [Action(title=f"Action {index}", body="Texte") for index in range(number)]
    sheet.team_roles = [TeamRole(label=f"Fonction {index}") for index in range(number)]
    sheet.partnerships = [Partnership(organisation=partner, role=PartnerRole.PARTNER) for partner in partners]
    sheet.funding_lines = [
        FundingLine(label="Ligne", category=FundingCategory.STATE, amount=Decimal(100), funder=partner)
        for partner in partners
    ]
    indicators = []
    for index in range(number):
        indicator = Indicator(label=f"Indicateur {index}", unit="personnes", default_target=Decimal(10))
        indicator.values = [IndicatorValue(year=2019 + year, achieved=Decimal(5)) for year in range(number)]
        indicators.append(indicator)
    sheet.indicators = indicators
    sheet.testimonies = [
        SheetTestimony(quote="Merci", author="Participante", consent_date=date(2020, 1, 1)) for _index in range(number)
    ]
    sheet.save_revision().publish()
    for index in range(number):
        SheetDocument.objects.create(sheet=sheet, title=f"Document {index}", file=ContentFile(PDF, name="document.pdf"))


@pytest.mark.parametrize(("role", "budget"), [("visitor", 18), ("member", 24)])
def test_the_list_s_queries_do_not_grow(
    client: Client, region: RegionIndexPage, call: Call, places: dict[str, Territory], role: str, budget: int
) -> None:
    numbers = count()
    reader(client, role)

    def add_row() -> None:
        number = next(numbers)
        themes = [theme(f"Thème{number}{letter}") for letter in "ab"]
        sheet_with(region, call, f"Projet {number}", themes=themes, territories=[places["35"]])

    assert_constant_queries(add_row=add_row, call=lambda: titles(client), budget=budget)


def reader(client: Client, role: str) -> Client:
    if role == "member":
        client.force_login(make_user("membre"), backend="portal.accounts.backends.MemberBackend")
    return client


# In a process that remembers nothing yet: 13 queries fill the index of facets, where comparable projects
# are found, 5 the addresses, calls, waves, regions and forum spaces; the rest is the sheet and its rows.
# A member’s page reads six more kinds of rows, who they are and their circles, what they may write, follow, read.
@pytest.mark.parametrize(("role", "budget"), [("visitor", 29), ("member", 46)])
def test_a_sheet_s_queries_do_not_grow_with_its_rows(
    client: Client, region: RegionIndexPage, call: Call, role: str, budget: int
) -> None:
    sheet = sheet_with(region, call, "Projet")
    numbers = count(1, 2)
    reader(client, role)
    assert_constant_queries(
        add_row=lambda: fill(sheet, next(numbers)),
        call=lambda: client.get(sheet.public_path),
        budget=budget,
        rows=(1, 2),
    )


def test_members_read_the_facts_that_stand_beside_the_figures(
    client: Client, region: RegionIndexPage, call: Call
) -> None:
    wave = call.waves.get()
    Wave.objects.filter(pk=wave.pk).update(decided_on=date(2019, 4, 5))
    funder, partner = make_organisation("Financeur d’essai"), make_organisation("Partenaire d’essai")
    indicator = Indicator(label="Personnes", unit="personnes")
    indicator.values = [IndicatorValue(year=2020, achieved=Decimal(5), source="Enquête de sortie")]
    sheet = sheet_with(
        *(region, call, "Faits"),
        wave=wave,
        funding_lines=[FundingLine(label="Ligne", category=FundingCategory.STATE, amount=1, funder=funder)],
        partnerships=[Partnership(organisation=partner, role=PartnerRole.PARTNER, signed_on=date(2018, 3, 7))],
        indicators=[indicator],
    )
    facts = (
        "financé par Financeur d’essai",
        "Convention signée le 7 mars 2018",
        "Source\u00a0: Enquête de sortie",
    )
    visitor = client.get(sheet.public_path).content.decode()
    client.force_login(make_user("member"), backend="portal.accounts.backends.MemberBackend")
    member = client.get(sheet.public_path).content.decode()
    for fact in facts:
        assert fact in member
        assert fact not in visitor
    # When the State decided is no secret.
    assert "5 avril 2019" in visitor
    assert "5 avril 2019" in member


def test_a_row_that_cannot_be_written_down_is_no_silent_loss(region: RegionIndexPage, call: Call) -> None:
    """Wagtail would save the revision without any row, and publish that."""
    sheet = sheet_with(region, call, "Projet")
    sheet.testimonies = [SheetTestimony(quote="Merci", author="Participante", consent_date="2020-01-01")]
    with pytest.raises(AttributeError):
        sheet.save_revision()


# Every reader of the same depth reads the same sheet: a process that has shown it once asks whether
# something has changed, and of a member alone who they are (2), whether they write this sheet (2), its
# leads as this member may know them, their unread news, those of this sheet, whether they follow it, and
# what is like it.
@pytest.mark.parametrize(("role", "budget"), [("visitor", 1), ("member", 10)])
def test_a_sheet_is_read_once_for_all_its_readers(
    client: Client, region: RegionIndexPage, call: Call, role: str, budget: int
) -> None:
    sheet, near = (sheet_with(region, call, title, themes=[theme(title)]) for title in ("Projet", "Voisin"))
    near.themes = list(sheet.themes.all())
    near.save_revision().publish()
    fill(sheet, 2)
    reader(client, role)
    with process_memory() as forget:
        queries = queries_of(lambda: client.get(sheet.public_path))
        assert len(queries) <= budget, "\n".join(queries)
        fill(sheet, 3)
        forget()
        assert "Action 2" in client.get(sheet.public_path).content.decode()


def test_a_call_s_queries_do_not_grow(client: Client, region: RegionIndexPage, call: Call) -> None:
    numbers = count()
    assert_constant_queries(
        add_row=lambda: sheet_with(region, call, f"Projet {next(numbers)}"),
        call=lambda: client.get(call.get_absolute_url()),
        # With the index of facets, which a process remembers: see test_memory.
        budget=20,
    )


def test_a_call_shows_what_is_announced_beside_what_is_here(
    client: Client, region: RegionIndexPage, call: Call
) -> None:
    call.stated_project_count, call.stated_wave_count = 57, 3
    call.save()
    sheet_with(region, call, "Projet")
    stats = client.get(call.get_absolute_url()).context["stats"]
    assert [stat["value"] for stat in stats] == [57, 3, 1]
