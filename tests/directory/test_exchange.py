"""Files of organisations: read, judged line by line, written all or in part, and written out again."""

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from directory.exchange.checking import check_rows
from directory.exchange.columns import EXPORTED
from directory.exchange.reading import MAX_COLUMNS, MAX_LINES, read_rows
from directory.exchange.tables import csv_lines, safe_cell, xlsx_response
from directory.exchange.writing import write_rows
from directory.models import ImportJob, Organisation
from portal.accounts.models import User
from portal.accounts.services import appoint_animator
from tests.directory.factories import FormerNameFactory, KindFactory, OrganisationFactory
from tests.directory.test_editing import client_of
from tests.factories import AdministratorFactory, UserFactory
from tests.support.queries import queries_of
from tests.taxonomy.factories import CommuneFactory, DepartmentFactory, ThemeFactory

pytestmark = pytest.mark.django_db
SIRET = "73282932000074"
TITLES = "Nom;Type;SIRET;Code postal;Commune"


def cells(text: str, encoding: str = "utf-8") -> list[dict[str, str]]:
    return [row.cells for row in read_rows(text.encode(encoding))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_what_french_spreadsheets_write_is_read(encoding: str, delimiter: str) -> None:
    text = f"Dénomination{delimiter}Type{delimiter}Notes\r\nÉcole d’été{delimiter}Association{delimiter}x\r\n\r\n"
    assert cells(text, encoding) == [{"nom": "École d’été", "type": "Association"}]


def workbook(*rows: list[Any]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def test_a_workbook_has_its_lost_zeros_back() -> None:
    titles = ["nom", "siret", "code_postal", "code_insee", "telephone"]
    [row] = read_rows(workbook(titles, ["Ain", 5720784500014, 1000, 1053.0, 296000000], [None] * 5))
    assert row.number == 2
    assert row.cells == {
        "nom": "Ain",
        "siret": "05720784500014",
        "code_postal": "01000",
        "code_insee": "01053",
        "telephone": "0296000000",
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"nom;type\n",
        b"prenom;age\nx;1\n",
        b"nom;nom\nx;y\n",
        b'nom;type\n"x;y\n',
        b"PK\x03\x04 not a workbook",
        b"\xd0\xcf\x11\xe0old",
        b"nom\n\x00\x01\x02",
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes) -> None:
    with pytest.raises(ValidationError) as raised:
        read_rows(content)
    assert raised.value.messages[0]


def far_away(row: int, column: int) -> bytes:
    """Return a workbook of some hundred bytes, one of whose cells is far from the others."""
    book, file = Workbook(), io.BytesIO()
    book.active.append(["nom"])
    book.active.append(["Une école"])
    book.active.cell(row, column, "x")
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "limit"),
    [
        (far_away(1_048_576, 1), "25000"),
        (far_away(1_048_576, 16_384), str(MAX_COLUMNS)),
        (b"nom\nUne ecole\n" + b"\n" * MAX_LINES, "25000"),
        (b"nom\nUne ecole" + b";" * MAX_COLUMNS, str(MAX_COLUMNS)),
    ],
    ids=["rows", "columns", "blank lines", "blank cells"],
)
def test_blank_lines_and_cells_count_too(content: bytes, limit: str) -> None:
    with pytest.raises(ValidationError) as raised:
        read_rows(content)
    assert limit in raised.value.messages[0]


def damaged(change: Any) -> bytes:
    """Return a workbook whose sheet is stored as ``change`` makes it."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(["nom"], ["Une école"]))) as archive, zipfile.ZipFile(changed, "w") as new:
        for entry in archive.infolist():
            is_sheet = entry.filename == "xl/worksheets/sheet1.xml"
            new.writestr(entry.filename, change(archive.read(entry)) if is_sheet else archive.read(entry))
    return changed.getvalue()


def scrambled(content: bytes) -> bytes:
    """Return a workbook whose sheet cannot be unpacked."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 30 + len("xl/worksheets/sheet1.xml")
    return content[: start + 5] + b"\xff" * 40 + content[start + 45 :]


@pytest.mark.parametrize(
    "content",
    [
        scrambled(workbook(["nom"], ["Une école"])),
        # The sheet is not what its sum says.
        damaged(lambda sheet: sheet).replace(b"Une", b"une").replace(b"<sheetData>", b"<sheetdata>"),
        damaged(lambda sheet: sheet[: len(sheet) // 2]),
        damaged(lambda sheet: b""),
    ],
    ids=["packing", "sum", "cut", "empty"],
)
def test_a_damaged_workbook_is_told_as_such(content: bytes) -> None:
    with pytest.raises(ValidationError):
        read_rows(content)


def test_one_word_written_twice_is_one_and_an_organisation_is_changed_by_one_line() -> None:
    KindFactory()
    theme = ThemeFactory(name="Langue", slug="langue")
    place = DepartmentFactory(code="29", name="Finistère")
    known = OrganisationFactory()
    text = "\n".join(
        (
            "Nom;Type;Identifiant;Thèmes;Territoires",
            "Une école;Association;;Langue | langue;dep-29 | dep-29 ",
            f"Une fois;;{known.uid};LANGUE | langue;",
            f"Deux fois;;{str(known.uid).upper()};;",
        )
    )
    checked = check_rows(read_rows(text.encode()))
    assert [len(row.errors) for row in checked] == [0, 0, 1]
    assert "3" in checked[2].errors[0], "it names the line above"
    write_rows(checked[:2])
    made = Organisation.objects.get(name="Une école")
    assert (list(made.themes.all()), list(made.territories.all())) == ([theme], [place])
    assert list(known.themes.all()) == [theme]


def test_every_line_is_judged_with_all_its_mistakes() -> None:
    KindFactory()
    CommuneFactory(code="29019", name="Brest", postal_codes=["29200"])
    OrganisationFactory(siret=SIRET)
    text = "\n".join(
        (
            f"{TITLES};Téléphone;Site;Territoires;Identifiant",
            "Bonne;association;;29200;BREST;3949;exemple.fr;dep-99;",
            f"Connue;;{SIRET};;;;;;",
            f"Deux fois;Association;{SIRET};;;;;;",
            "X;Inconnu;7,32829E+13;292;Nulle part;12;pas une adresse;;abc",
            ";;00000000000000;;;;;;",
        )
    )
    checked = check_rows(read_rows(text.encode()))
    assert [row.number for row in checked] == [2, 3, 4, 5, 6]
    assert [len(row.errors) for row in checked] == [1, 0, 1, 7, 3]
    assert checked[1].action == "update"
    DepartmentFactory(code="99", name="Essai")
    assert check_rows(read_rows(text.encode()))[0].errors == []


def test_an_address_that_has_no_room_for_its_scheme_is_told_on_its_line() -> None:
    KindFactory()
    fits, too_long = (f"exemple.fr/{'x' * (signs - 11)}" for signs in (192, 193))
    text = f"Nom;Type;Site\nBonne;Association;{fits}\nLongue;Association;{too_long}"
    good, wrong = check_rows(read_rows(text.encode()))
    assert wrong.errors == ["site_web\N{NO-BREAK SPACE}: trop long (https://exemple.fr/xxxxxxxxxxx…)."]
    assert not good.errors
    write_rows([good])
    assert len(Organisation.objects.get().website) == 200


def test_an_animator_writes_in_their_region_alone() -> None:
    KindFactory()
    brest = CommuneFactory(code="29019", name="Brest", postal_codes=["29200"])
    OrganisationFactory(siret=SIRET)
    text = f"{TITLES}\nIci;Association;;29200;Brest\nNulle part;Association;;;\nAutre;;{SIRET};;"
    rows = read_rows(text.encode())
    assert brest.region_id is not None
    own = check_rows(rows, regions=frozenset({brest.region_id}))
    assert [bool(row.errors) for row in own] == [False, True, True]
    assert all(row.errors for row in check_rows(rows, regions=frozenset()))


@pytest.fixture
def administrator() -> Client:
    return client_of(AdministratorFactory())


def send(client: Client, content: bytes, name: str = "structures.csv") -> ImportJob:
    response = client.post("/animation/structures/importer/", {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, response.context["form"].errors
    return ImportJob.objects.latest("pk")


@pytest.mark.django_db(transaction=True)
def test_a_file_is_judged_then_written_then_changes_what_it_names() -> None:
    administrator, theme = client_of(AdministratorFactory()), ThemeFactory(name="Logement", slug="logement")
    KindFactory()
    CommuneFactory(code="29019", name="Brest", postal_codes=["29200"])
    first = f"{TITLES};Thèmes;Anciens noms\nUne école;Association;{SIRET};29200;Brest;Logement;ANPE | PAIO\n"
    job = send(administrator, f"{first}Sans type;;;;;;\n".encode())
    assert (job.state, job.to_create, job.refused) == ("checked", 1, 1)
    assert not Organisation.objects.exists(), "nothing is written before its owner has seen the report"
    url = f"/animation/structures/importer/{job.uid}/"
    assert "Sans type" in administrator.get(url).content.decode()
    assert "Sans type" in b"".join(administrator.get(f"{url}rapport.csv").streaming_content).decode()
    # All or nothing: with a wrong line it is nothing.
    administrator.post(f"{url}ecrire/", {"mode": "all"})
    assert not Organisation.objects.exists()
    administrator.post(f"{url}ecrire/", {"mode": "valid"})
    made = Organisation.objects.get()
    assert (made.siret, made.slug, made.position, list(made.themes.all())) == (SIRET, "une-ecole", "commune", [theme])
    assert made in Organisation.objects.matching("paio")
    assert "Une école" in Client().get("/annuaire/?q=anpe").content.decode()
    assert made.get_absolute_url() in Client().get("/recherche/?q=école").content.decode()
    # An empty cell changes nothing; a second run of the same file creates nothing.
    job = send(administrator, f"{TITLES}\nUne École nouvelle;;{SIRET};;\n".encode())
    assert (job.to_create, job.to_update) == (0, 1)
    administrator.post(f"/animation/structures/importer/{job.uid}/ecrire/", {"mode": "all"})
    made.refresh_from_db()
    assert (made.name, made.seat.name, list(made.themes.all())) == ("Une École nouvelle", "Brest", [theme])
    administrator.post(f"/animation/structures/importer/{job.uid}/ecrire/", {"mode": "all"})
    assert Organisation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_report_tells_each_line_and_what_it_changes() -> None:
    administrator = client_of(AdministratorFactory())
    known = OrganisationFactory(name="Connue", siret=SIRET, phone="+33296000000", relay_email="avant@un.example")
    same = OrganisationFactory(name="Pareille", phone="+33296000000")
    written_at = same.updated_at
    titles = "Nom;Type;Identifiant;Téléphone;Courriel;Anciens noms"
    lines = [
        "Nouvelle;Association;;;;",
        f"Renommée;;{known.uid};0296111111;apres@deux.example;ANPE",
        f"Pareille;association;{same.uid};02.96.00.00.00;;",
        "Fausse;Inconnu;;;;",
    ]
    job = send(administrator, "\n".join([titles, *lines]).encode())
    url = f"/animation/structures/importer/{job.uid}/"

    def report() -> list[tuple[int, str, int, list[str]]]:
        found = [(line.number, line.outcome, len(line.errors), line.changes) for line in job.lines.all()]
        return [
            (number, outcome, errors, [change[0] for change in changes]) for number, outcome, errors, changes in found
        ]

    changed = ["nom", "telephone", "courriel_de_contact", "anciens_noms"]
    told = [(2, "create", 0, []), (3, "update", 0, changed), (4, "same", 0, []), (5, "wrong", 1, [])]
    assert report() == told
    assert (job.to_create, job.to_update, job.unchanged, job.refused) == (1, 1, 1, 1)
    # Those that are wrong are shown first; each outcome has its own list.
    shown = administrator.get(url)
    assert [line.number for line in shown.context["lines"]] == [5]
    update = administrator.get(f"{url}?voir=update").content.decode()
    assert "02 96 00 00 00" in update
    assert "02 96 11 11 11" in update
    file = body(administrator.get(f"{url}rapport.csv")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file, newline=""), delimiter=";"))
    assert [row["ligne"] for row in rows] == ["2", "3", "4", "5"]
    assert "nom : Connue → Renommée" in rows[1]["changements"]
    assert "Inconnu" in rows[3]["erreurs"]
    assert "avant@un.example" not in update + file, "an address that receives messages is in no report"
    administrator.post(f"{url}ecrire/", {"mode": "valid"})
    job.refresh_from_db()
    assert (job.state, report()) == ("done", told)
    same.refresh_from_db()
    assert same.updated_at == written_at, "what changes nothing is not written"
    assert Organisation.objects.get(pk=known.pk).name == "Renommée"


def test_the_report_costs_the_same_queries_at_one_and_three_rows(administrator: Client) -> None:
    job = ImportJob(owner=User.objects.get(), file_name="x.csv", state="checked", refused=3)
    job.file.save("x.csv", ContentFile(b"nom\n"))
    counts = []
    for number in (1, 2, 3):
        job.lines.create(number=number, name="Une", outcome="wrong", errors=["non"])
        if number != 2:
            counts.append(len(queries_of(lambda: administrator.get(f"/animation/structures/importer/{job.uid}/"))))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", ["structures.pdf", "structures", "x.exe"])
def test_a_file_of_another_kind_is_refused_at_its_field(administrator: Client, name: str) -> None:
    response = administrator.post("/animation/structures/importer/", {"file": SimpleUploadedFile(name, b"x")})
    assert response.status_code == 422
    assert "file" in response.context["form"].errors


def test_an_import_is_its_owner_s_alone_and_can_be_given_up(administrator: Client) -> None:
    animator = UserFactory()
    appoint_animator(user=animator, territory=CommuneFactory().region)
    job = ImportJob(owner=animator, file_name="x.csv", state="checked", to_create=1)
    job.file.save("x.csv", ContentFile(b"nom\n"))
    url = f"/animation/structures/importer/{job.uid}/"
    assert administrator.get(url).status_code == 404
    client_of(animator).post(f"{url}abandonner/")
    client_of(animator).post(f"{url}ecrire/", {"mode": "all"})
    job.refresh_from_db()
    assert job.state == "dropped"


@pytest.mark.parametrize("cell", ["=1+1", "+33", "-2", "@x", "\t=1", "\r=1", "\n=1", " =1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"
    assert safe_cell(-2) == -2
    [_mark, _titles, line] = csv_lines(["a"], [[cell]])
    assert next(csv.reader(io.StringIO(line, newline="")))[0].startswith("'")


@pytest.mark.parametrize("cell", ["=cmd\x0b", "\x0b=cmd", "\x01\x02=cmd"])
def test_a_sign_that_no_workbook_holds_hides_no_formula(cell: str) -> None:
    written = xlsx_response("x.xlsx", ["a"], [[cell]])
    content = body(written)
    written.close()
    [_titles, [found]] = load_workbook(io.BytesIO(content)).active.iter_rows()
    assert (found.value, found.data_type) == ("'=cmd", "s")
    assert safe_cell(cell) == "'=cmd"


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_exports_hold_what_the_filters_leave_and_come_back_as_they_went() -> None:
    kind = KindFactory()
    seat = CommuneFactory(code="29019", name="Brest", postal_codes=["29200"])
    one = OrganisationFactory(
        name="=École", kind=kind, siret=SIRET, phone="+33296000000", postal_code="01000", seat=seat, description="+ Un"
    )
    FormerNameFactory(organisation=one, name="ANPE")
    OrganisationFactory(name="Autre", kind=KindFactory(name="Chambre", slug="chambre"))
    OrganisationFactory(name="Cachée", is_listed=False, kind=kind)
    text = body(Client().get("/annuaire/export/csv/?type=association")).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    assert list(row) == [column.name for column in EXPORTED]
    assert (row["nom"], row["siret"], row["code_postal"]) == ("'=École", SIRET, "01000")
    assert row["telephone"] == "02 96 00 00 00"
    book = load_workbook(io.BytesIO(body(Client().get("/annuaire/export/xlsx/?type=association"))))
    titles, values = book.active.iter_rows()
    assert len(titles) == len(EXPORTED)
    assert {cell.data_type for cell in values if cell.value is not None} == {"s"}
    [checked] = check_rows(read_rows(text.encode()))
    assert (checked.errors, checked.action, checked.key) == ([], "update", one.pk)
    assert (checked.fields["name"], checked.fields["description"]) == ("=École", "+ Un")


def test_the_json_is_valid_in_the_schema_of_data_inclusion() -> None:
    from data_inclusion.schema.v1 import Structure
    from pydantic import TypeAdapter

    one = OrganisationFactory(
        name="Une structure.", seat=CommuneFactory(), siret=SIRET, phone="3949", website="https://a.example/"
    )
    one.networks.create(name="Missions locales", slug="ml", di_code="mission-locale")
    OrganisationFactory(description="Bof", postal_code="")
    found = json.loads(body(Client().get("/annuaire/export/json/")))
    structures = TypeAdapter(list[Structure]).validate_python(found)
    assert len(structures) == 2
    assert (structures[1].nom, structures[1].siret, structures[1].code_insee) == ("Une structure", SIRET, "35238")
    assert all(structure.courriel is None for structure in structures)


def test_exports_are_limited_and_cost_the_same_queries_at_any_length() -> None:
    from django.core.cache import cache

    def count() -> int:
        return len(queries_of(lambda: body(Client().get("/annuaire/export/csv/"))))

    OrganisationFactory()
    few = count()
    OrganisationFactory.create_batch(3)
    assert count() == few
    cache.clear()
    statuses = [Client().get("/annuaire/export/csv/").status_code for _time in range(21)]
    assert statuses == [200] * 20 + [429]
    assert Client().get("/annuaire/export/pdf/").status_code == 404
