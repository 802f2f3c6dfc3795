"""The report of a call: its sums are the sheets', its figures open lists, small ones are hidden."""

import csv
import io
import re
from decimal import Decimal
from itertools import count

import pytest
from django.test import Client
from openpyxl import load_workbook

from directory.models import OrganisationKind
from portal.core.money import share_of
from portal.core.tables import Table, csv_content, safe_cell, xlsx_content
from portal.taxonomy.models import Territory, Theme
from project_sheets.enums import FundingCategory
from project_sheets.models import Call, FundingLine, Indicator, IndicatorValue, ProjectSheetPage, RegionIndexPage
from project_sheets.reports.figures import (
    Figure,
    Measured,
    ProjectFacts,
    cut,
    indicator_lines,
    protected,
    row_of,
)
from project_sheets.reports.selectors import CallReport
from project_sheets.reports.tables import ReportView
from project_sheets.services import open_region
from tests.support.queries import assert_constant_queries
from tests.support.world import (
    make_call,
    make_organisation,
    make_projects_index,
    make_sheet,
    make_territories,
    make_user,
)

pytestmark = pytest.mark.django_db
REPORT = "/appels/ipr/bilan/"
RESULT = f"{REPORT}resultats/personnes-accompagnees-personnes/"


@pytest.fixture
def places(db: None) -> dict[str, Territory]:
    return make_territories()


@pytest.fixture
def region(places: dict[str, Territory]) -> RegionIndexPage:
    return open_region(index=make_projects_index(), territory=places["53"], slug="bretagne")


@pytest.fixture
def call(db: None) -> Call:
    return make_call()


numbers = count()


def reported(
    region: RegionIndexPage, call: Call, *, budget: str | None, state: str, achieved: int | None, **words: object
) -> ProjectSheetPage:
    title = f"Projet {next(numbers)}"
    total = Decimal(budget) if budget else None
    sheet = make_sheet(region, call, make_organisation(title), title=title, total_budget=total, live=False)
    sheet.funding_lines = [
        FundingLine(label="État", category=FundingCategory.STATE, amount=Decimal(state)),
        FundingLine(label="Région", category=FundingCategory.REGION, amount=Decimal("10.10")),
    ]
    indicator = Indicator(label="Personnes accompagnées", unit="personnes", default_target=Decimal(100))
    indicator.values = [
        IndicatorValue(year=2019, achieved=achieved),
        IndicatorValue(year=2020, achieved=1, target=Decimal(50)),
    ]
    sheet.indicators = [indicator]
    for name, values in words.items():
        setattr(sheet, name, values)
    sheet.save_revision().publish()
    return sheet


def rows(client: Client, key: str) -> dict[str, list[str]]:
    tables = {table.key: table for table in client.get(REPORT).context["tables"]}
    return {row.label: [cell.text for cell in row.cells] for row in tables[key].rows}


def as_animator(places: dict[str, Territory]) -> Client:
    client = Client()
    user = make_user("administrator", is_superuser=True)
    client.force_login(user, backend="portal.accounts.backends.MemberBackend")
    return client


def test_sums_are_the_sheets_to_the_cent_and_links_list_as_many(
    region: RegionIndexPage, call: Call, places: dict[str, Territory]
) -> None:
    housing = Theme.objects.create(name="Logement", slug="logement")
    below = Theme.objects.create(name="Hébergement", slug="hebergement", parent=housing)
    wave = call.waves.get()
    first = {"themes": [housing], "territories": [places["35"]], "wave": wave}
    reported(region, call, budget="100.10", state="50.05", achieved=120, **first)
    reported(region, call, budget="200.20", state="0.01", achieved=None, themes=[below], territories=[places["53"]])
    reported(region, call, budget=None, state="3", achieved=0)
    withdrawn = reported(region, call, budget="7", state="7", achieved=9)
    ProjectSheetPage.objects.get(pk=withdrawn.pk).unpublish()
    client = as_animator(places)
    assert rows(client, "total") == {"Ensemble des projets": ["3", "300,30\u00a0€", "53,06\u00a0€", "123"]}
    assert rows(client, "theme")["Logement"] == ["2", "300,30\u00a0€", "50,06\u00a0€", "122"]
    assert rows(client, "theme")["Sans thème"][0] == "1"
    assert rows(client, "territoire")["Ille-et-Vilaine (35)"][0] == "2"
    assert rows(client, "vague")["Vague 1"][1] == "100,10\u00a0€"
    assert rows(client, "porteur") == {"Association": ["3", "300,30\u00a0€", "53,06\u00a0€", "123"]}
    # 100 + 50 and 120 + 1; 50 and 1; 100 + 50 and 0 + 1: the years without a result count in the target.
    assert rows(client, "indicateurs") == {"Personnes accompagnées (personnes)": ["3", "450", "123", "27,3\u00a0%"]}
    for reader in (Client(), client):
        walk_figures(client, reader)


def walk_figures(client: Client, reader: Client) -> None:
    """Open the list of every figure that ``client`` reads as ``reader``, and add up its sheets again.

    The draft of an animator is in no list to which a figure leads: the report does not count it.
    """
    sheets = {sheet.public_path: sheet for sheet in ProjectSheetPage.objects.all()}
    for table in client.get(REPORT).context["tables"]:
        for row in table.rows:
            assert all(bool(cell.url) == (cell.value is not None) for cell in row.cells), row
            (url,) = {cell.url for cell in row.cells if cell.url}
            # A result that fewer than five projects measure is named to animators alone.
            listed = (client if table.key == "indicateurs" else reader).get(url).context
            addresses = (
                [one["url"] for one in listed["rows"]] if "rows" in listed else [one.url for one in listed["cards"]]
            )
            assert len(addresses) == listed["page"].paginator.count
            found = [sheets[address] for address in addresses]
            values = IndicatorValue.objects.filter(indicator__sheet__in=found)
            lines = FundingLine.objects.filter(sheet__in=found, category=FundingCategory.STATE)
            achieved = sum(value.achieved for value in values if value.achieved is not None)
            if table.key == "indicateurs":
                aims = sum(value.target or Decimal(100) for value in values)
                expected = [len(found), aims, achieved, share_of(achieved, aims)]
            else:
                budget = sum(sheet.total_budget or 0 for sheet in found)
                expected = [len(found), budget, sum(line.amount for line in lines), achieved]
            shown = [cell.value for cell in row.cells]
            assert [value or 0 for value in shown[: len(expected)]] == expected, (table.key, row)


def test_others_than_animators_read_what_five_projects_make(
    client: Client, region: RegionIndexPage, call: Call, places: dict[str, Territory]
) -> None:
    housing = Theme.objects.create(name="Logement", slug="logement")
    for _ in range(4):
        reported(region, call, budget="100", state="50", achieved=10)
    animator = as_animator(places)
    assert (client.get(RESULT).status_code, animator.get(RESULT).status_code) == (404, 200)
    for address in (REPORT, f"{REPORT}bilan.csv"):
        assert "Personnes accompagnées" not in client.get(address).content.decode()
        assert "Personnes accompagnées" in animator.get(address).content.decode()
    reported(region, call, budget=None, state="50", achieved=10, themes=[housing])
    few, hidden = "moins de 5", "non affiché"
    assert rows(client, "total") == {"Ensemble des projets": ["5", hidden, "250\u00a0€", "55"]}
    by_theme = {"Logement": [few, "–", hidden, hidden], "Sans thème": [few, hidden, hidden, hidden]}
    assert rows(client, "theme") == by_theme
    page = client.get(REPORT)
    cells = [cell for table in page.context["tables"] for row in table.rows for cell in row.cells]
    # The list of a hidden figure would tell how many projects it hides.
    assert {cell.url for cell in cells if cell.text in {few, hidden}} == {""}
    member = Client()
    member.force_login(make_user("member"), backend="portal.accounts.backends.MemberBackend")
    assert rows(member, "total") == rows(client, "total")
    # The list of a result names its projects to all; what each says is on its sheet, for members.
    (told,) = next(table for table in page.context["tables"] if table.key == "indicateurs").rows
    assert {cell.url for cell in told.cells} == {RESULT}
    for reader, said in ((client, []), (member, ["150 personnes", "11 personnes"])):
        listed = [[fact["value"] for fact in row["facts"]][1:] for row in reader.get(RESULT).context["rows"]]
        assert listed == [said] * 5
    assert rows(animator, "total")["Ensemble des projets"][1] == "400\u00a0€"


def figure_of(*projects: int) -> Figure:
    return Figure(Decimal(100 * len(projects)), len(projects), among=frozenset(projects))


def test_no_difference_tells_of_a_few_projects() -> None:
    """The total, a line of it, a line inside that one: whatever is subtracted is about five projects at least."""
    total = figure_of(*range(17))
    lone = [figure_of(*range(9)), figure_of(*range(9, 15)), figure_of(15, 16)]
    assert [one.is_open() for one in protected(lone, total)] == [True, False, False]
    ten = figure_of(*range(10))
    two = [figure_of(*range(8)), figure_of(8), figure_of(9)]
    assert [one.is_open() for one in protected(two, ten)] == [False, False, False]
    # A theme, one below it, and one that as many projects have.
    nested = [figure_of(*range(12)), figure_of(*range(10)), figure_of(*range(6)), figure_of(*range(12))]
    assert [one.is_open() for one in protected(nested, total)] == [True, False, True, True]
    assert [one.is_withheld for one in protected(nested, total)] == [False, True, False, False]
    # Nothing can be subtracted from a total that is hidden.
    hidden = Figure(Decimal(3), 6, among=frozenset(range(6)))
    assert protected([figure_of(*range(5))], hidden)[0].is_open()


def test_a_sheet_alone_on_a_theme_is_not_the_difference_of_two_lines(
    client: Client, region: RegionIndexPage, call: Call
) -> None:
    above = Theme.objects.create(name="Logement", slug="logement")
    below = Theme.objects.create(name="Hébergement", slug="hebergement", parent=above)
    for _ in range(5):
        reported(region, call, budget="100", state="50", achieved=10, themes=[below])
    reported(region, call, budget="777", state="333", achieved=77, themes=[above])
    assert rows(client, "total")["Ensemble des projets"][1] == "1\u202f277\u00a0€"
    found = rows(client, "theme")
    assert found["Logement"][:2] == ["6", "1\u202f277\u00a0€"]
    # Its number of projects and its list are there for all; what they cost and reach is not.
    assert found["Hébergement"] == ["5", "non affiché", "non affiché", "non affiché"]


def test_small_numbers_of_people_are_hidden() -> None:
    assert not Figure(Decimal(3), 6).is_open()
    assert Figure(Decimal(0), 6).is_open()
    assert Figure(None, 0).is_open()


def test_a_rate_is_told_only_of_five_projects_that_say_both() -> None:
    """Five give a target and five a result; one alone gives both, and the rate would be its own."""
    key = ("personnes", "personnes")
    said = [(100, None)] * 4 + [(None, 10)] * 4 + [(100, 73)]
    projects = [
        ProjectFacts(
            at, None, None, None, indicators={key: Measured(*(None if one is None else Decimal(one) for one in pair))}
        )
        for at, pair in enumerate(said)
    ]
    (line,) = indicator_lines(projects, {key: "Personnes"})
    assert (line.target.contributors, line.achieved.contributors, line.compared) == (5, 5, 1)
    assert line.target.is_open()
    assert line.achieved.is_open()
    assert (line.rate, line.is_rate_open()) == (Decimal("73.0"), False)
    total = row_of("", "", projects, [key])
    for sees_all, rate in ((False, "–"), (True, "73\u00a0%")):
        view = ReportView(CallReport("ipr", total, [], [line], [line]), sees_all=sees_all)
        assert view.tables[-1].rows[0].cells[-1].text == rate


@pytest.mark.parametrize("one_in_two_rows", [False, True])
def test_a_lone_hidden_figure_is_protected_wherever_the_rows_add_up(one_in_two_rows: bool) -> None:
    groups = ["a"] * 7 + ["b"] * 6 + ["c"] * 2
    projects = [ProjectFacts(at, None, None, None, themes={(name, name)}) for at, name in enumerate(groups)]
    if one_in_two_rows:
        projects[0].themes.add(("b", "b"))
    made = cut("theme", projects, lambda project: sorted(project.themes), shown=[], without=("", "Sans thème"))
    assert made.is_partition is not one_in_two_rows
    assert [row.projects.is_open() for row in made.rows] == [True, one_in_two_rows, False]


@pytest.mark.parametrize("animator", [True, False])
def test_files_say_what_the_screen_says(
    region: RegionIndexPage, call: Call, places: dict[str, Territory], animator: bool
) -> None:
    evil = Theme.objects.create(name="=HYPERLINK(1)", slug="evil")
    OrganisationKind.objects.update(name="@Structure")
    for _ in range(5):
        reported(region, call, budget="100.10", state="50.05", achieved=10, themes=[evil], territories=[places["35"]])
    client = as_animator(places) if animator else Client()
    tables = client.get(REPORT).context["tables"]
    screen = {(table.title, row.label): [cell.text for cell in row.cells] for table in tables for row in table.rows}
    lines = list(csv.reader(io.StringIO(client.get(f"{REPORT}bilan.csv").content.decode("utf-8-sig")), delimiter=";"))
    workbook = load_workbook(io.BytesIO(client.get(f"{REPORT}bilan.xlsx").content))
    sheet_rows = [["" if cell is None else cell for cell in row] for row in workbook.active.values]
    assert len(lines) == len(sheet_rows) == len(screen) + 1

    def plain(text: object) -> str:
        return re.sub("\u202f|\u00a0[€%]|–", "", str(text)).replace(".", ",")

    def same(one: str, other: str) -> bool:
        try:
            return Decimal(one.replace(",", ".")) == Decimal(other.replace(",", "."))
        except ArithmeticError:
            return one == other

    for line, row in zip(lines[1:], sheet_rows[1:], strict=True):
        assert line[1].lstrip("'") == str(row[1]).lstrip("'")
        shown = [plain(text) for text in screen[(line[0], line[1].lstrip("'"))] if plain(text)]
        for filed in (line[2:], row[2:]):
            kept = [plain(value) for value in filed if value != ""]
            assert len(kept) == len(shown)
            assert all(same(one, other) for one, other in zip(kept, shown, strict=True)), (kept, shown)
    assert "'=HYPERLINK(1)" in [line[1] for line in lines]
    assert not [cell for row in workbook.active.iter_rows() for cell in row if cell.data_type == "f"]


def test_a_spreadsheet_computes_nothing_of_ours() -> None:
    dangerous = ["=1", "+1", "-1", "@A", "\t=1", " =1"]
    assert [safe_cell(text) for text in dangerous] == [f"'{text}" for text in dangerous]
    assert [safe_cell(value) for value in ("a=1", -5)] == ["a=1", -5]
    table = Table(["a", "b"], [["=1+1", Decimal("1094349.50")]])
    assert csv_content(table).decode() == "\ufeffa;b\r\n'=1+1;1094349,50\r\n"
    (_titles, values) = load_workbook(io.BytesIO(xlsx_content(table, name="t"))).active.values
    assert values == ("'=1+1", 1094349.5)


def test_a_report_asks_the_same_queries_whatever_the_sheets(
    client: Client, region: RegionIndexPage, call: Call
) -> None:
    def add_row() -> None:
        reported(region, call, budget="100", state="50", achieved=10)

    assert_constant_queries(add_row=add_row, call=lambda: client.get(REPORT), budget=8)
    animator = as_animator({})
    assert_constant_queries(add_row=add_row, call=lambda: animator.get(RESULT), budget=12)
    assert client.get("/appels/inconnu/bilan/").status_code == 404
