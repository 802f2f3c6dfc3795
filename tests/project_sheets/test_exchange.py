"""What comes in and goes out: lists of laureates, whole sheets, open data, the dashboard."""

import io
import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook

from directory.models import Organisation, OrganisationKind
from portal.accounts.models import User
from portal.core.datasets import datasets
from portal.core.tables import read_table
from portal.joining.models import Invitation
from portal.mail.models import OutboxMessage
from project_sheets.laureate_import import measure
from project_sheets.laureate_import.checking import CREATE, KNOWN, WRONG, Checker
from project_sheets.laureate_import.reading import read_lines
from project_sheets.laureate_import.services import (
    WrongLinesError,
    create_draft,
    forget_old_imports,
    prepare_import,
    run_import,
    start_import,
)
from project_sheets.models import Call, LaureateImport, ProjectSheetPage, SheetInvitation
from project_sheets.transfer.reading import create_from, parse_document
from project_sheets.transfer.writing import fingerprint_of, write_sheet
from tests.support.world import SECRETS, World

pytestmark = pytest.mark.django_db
TITLES = "Titre;Structure porteuse;Région;Départements;Vague;Date;Thèmes;Budget total;Part de l’État;Observations"
GOOD = (
    "Nouveau projet;Structure porteuse;Bretagne;35 | Ille-et-Vilaine;1;31/01/2019;Logement|Nulle part;"
    "2 000 845,50 €;1094349"
)
UPLOAD = "/animation/laureats/"


def judged(world: World, *lines: str, encoding: str = "utf-8-sig") -> list[tuple[str, list[str]]]:
    content = "\r\n".join([TITLES, *lines]).encode(encoding)
    checker = Checker(call=world.call, user=world.users["animator"])
    return [(line.outcome, [*line.errors, *line.warnings]) for line in checker.check(read_lines(content))]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252", "utf-16"])
def test_a_list_as_offices_write_it(world: World, encoding: str) -> None:
    ((outcome, said),) = judged(world, GOOD, encoding=encoding)
    assert outcome == CREATE
    assert said == ["Le thème «\u00a0Nulle part\u00a0» est inconnu\u00a0: il est laissé de côté."]


def test_what_is_wrong_is_said_line_by_line(world: World) -> None:
    wrong = ";Inconnue;Normandie;;9;2019;;deux;"
    elsewhere = "Autre;Structure porteuse;Centre-Val de Loire;;;;;;"
    more = "Trop;Structure porteuse;53;;;01/01/2018;;10;20"
    known = "PROJET public;Structure porteuse;bretagne;;;;;;"
    found = judged(world, GOOD, GOOD, wrong, elsewhere, more, known)
    assert [outcome for outcome, _said in found] == [CREATE, KNOWN, WRONG, WRONG, WRONG, KNOWN]
    assert len(found[2][1]) == 6
    assert found[3][1] == ["Vous n’animez pas cette région\N{NO-BREAK SPACE}: Centre-Val de Loire."]
    assert len(found[4][1]) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Il manque"),
        (b"a;b\n1;2", "Il manque"),
        (TITLES.encode(), "aucun projet"),
        (b"%PDF-1.7", "ni en CSV ni en XLSX"),
        (b"PK\x03\x04rien", "pas un classeur"),
        (b"titre;titre;structure;region\na;b;c;d", "même titre"),
        (b'titre;structure;region\n"a;b;c', "guillemet"),
    ],
)
def test_a_file_that_is_no_list_says_so(content: bytes, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        read_lines(content)


def test_a_workbook_reads_as_what_it_shows() -> None:
    workbook = Workbook()
    workbook.active.append(["Titre", "Budget"])
    workbook.active.append(["'=1+1", 2000845.0])
    written = io.BytesIO()
    workbook.save(written)
    assert list(read_table(written.getvalue(), max_rows=9)) == [["Titre", "Budget"], ["=1+1", "2000845"]]
    with pytest.raises(ValidationError, match="plus de 0 lignes"):
        list(read_table(written.getvalue(), max_rows=0))


def test_all_or_nothing_or_the_right_lines_only(world: World) -> None:
    text = "\n".join([TITLES, GOOD, ";Sans titre;Bretagne", GOOD.replace("Nouveau", "Autre")])
    lines = read_lines(text.encode())
    owner = world.users["animator"]
    before = ProjectSheetPage.objects.count()
    job = prepare_import(call=world.call, owner=owner, file_name="l.csv", lines=lines)
    assert start_import(job=job)
    assert not start_import(job=job)
    with pytest.raises(WrongLinesError):
        run_import(job=job, all_or_nothing=True)
    assert ProjectSheetPage.objects.count() == before
    job = prepare_import(call=world.call, owner=owner, file_name="l.csv", lines=lines)
    assert run_import(job=job, all_or_nothing=False) == 2
    sheet = ProjectSheetPage.objects.get(title="Nouveau projet")
    assert (sheet.live, sheet.total_budget, sheet.wave.number) == (False, Decimal("2000845.50"), 1)
    assert sheet.region == world.region
    assert sheet.funding_lines.get().amount == Decimal(1094349)
    assert [str(place) for place in sheet.territories.all()] == ["Ille-et-Vilaine (35)"]
    assert run_import(job=job, all_or_nothing=False) == 0


def test_the_leads_of_laureates_are_invited_and_no_account_is_made(world: World) -> None:
    member, refused = world.users["member"], world.users["other_lead"]
    refused.membership_status = refused.MembershipStatus.SUSPENDED
    refused.save()
    titles = f"{TITLES};Référent"
    named = f"{GOOD};;{member.email} ; Nouvelle@ailleurs.example|{refused.email}".replace(" ; ", ", ")
    content = f"{titles}\n{named}\nFaux;Structure porteuse;53;;;;;;;;pas-une-adresse".encode()
    client = world.client("animator")
    file = SimpleUploadedFile("l.csv", content)
    report = client.post(UPLOAD, {"call": world.call.pk, "file": file}, follow=True).content.decode()
    assert "nouvelle@ailleurs.example n’a pas de compte" in report
    assert f"({member.email})" in report
    assert "n’est pas une adresse électronique" in report
    assert f"Le compte de {refused.email} est fermé" in report
    accounts, mailed = User.objects.count(), OutboxMessage.objects.count()
    assert not SheetInvitation.objects.filter(email="nouvelle@ailleurs.example").exists(), (
        "nothing before it is confirmed"
    )
    job = LaureateImport.objects.latest("pk")
    client.post(f"{job.get_absolute_url()}importer/", {"mode": "valid"})
    sheet = ProjectSheetPage.objects.get(title="Nouveau projet")
    assert set(sheet.invitations.values_list("email", flat=True)) == {member.email, "nouvelle@ailleurs.example"}
    assert Invitation.objects.filter(email="nouvelle@ailleurs.example").count() == 1
    assert not Invitation.objects.filter(email=member.email).exists(), "a member need not join again"
    assert (User.objects.count(), OutboxMessage.objects.count()) == (accounts, mailed + 3)
    assert not sheet.leads.exists(), "nobody looks after a sheet without having agreed"
    # Their addresses have served; a list that nobody confirms is not kept either.
    job.refresh_from_db()
    assert "ailleurs.example" not in json.dumps(job.lines)
    kept = {"call": world.call, "owner": world.users["animator"], "file_name": "l.csv"}
    prepare_import(**kept, lines=[{"referents": "a@b.fr"}])
    # So it is with one whose worker was stopped.
    start_import(job=prepare_import(**kept, lines=[{"referents": "a@b.fr"}]))
    assert forget_old_imports(timezone.now() + timedelta(days=29)) == 0
    forget_old_imports(timezone.now() + timedelta(days=31))
    assert set(LaureateImport.objects.values_list("state", flat=True)) == {"done"}


def test_lists_invite_within_a_measure_of_the_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    animator = world.users["animator"]
    limit = len(measure.invited_lately(animator)) + 1
    monkeypatch.setattr(measure, "PEOPLE_A_DAY", limit)
    monkeypatch.setattr("project_sheets.laureate_import.checking.MAILS_A_DAY", 2)
    invited = ["un@ailleurs.example", "deux@ailleurs.example", "un@ailleurs.example", "un@ailleurs.example"]
    lines = [
        {"number": at, "titre": f"Projet {at}", "structure": "Structure porteuse", "region": "53", "referents": email}
        for at, email in enumerate(invited)
    ]
    checked = Checker(call=world.call, user=animator).check(lines)
    assert {line.outcome for line in checked} == {CREATE}
    assert [line.values["leads"] for line in checked] == [[invited[0]], [], [invited[0]], []]
    assert [bool(line.warnings) for line in checked] == [len(line.notes) == 0 for line in checked]
    assert f"Les listes invitent {limit} personnes par jour au plus" in checked[1].warnings[0]
    # Another list of the same day goes on where this one ended, even one that was judged before it.
    create_draft(call=world.call, line=checked[0], by=animator)
    checked[1].values["leads"] = [invited[1], invited[0]]
    second = create_draft(call=world.call, line=checked[1], by=animator)
    assert [one.email for one in second.invitations.all()] == [invited[0]]
    later = [{**lines[1], "titre": "Un autre"}]
    assert [line.values["leads"] for line in Checker(call=world.call, user=animator).check(later)] == [[]]
    other = Checker(call=world.call, user=world.users["administrator"])
    assert [line.values["leads"] for line in other.check(later)] == [[invited[1]]]
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert [line.values["leads"] for line in Checker(call=world.call, user=animator).check(later)] == [[invited[1]]]


def test_a_budget_below_one_euro_is_wrong_at_its_line(world: World) -> None:
    ((outcome, said),) = judged(world, "Nouveau;Structure porteuse;Bretagne;;;;;0,50;")
    assert outcome == WRONG
    assert "un euro au moins" in said[0]


@pytest.mark.parametrize(("mode", "made"), [("all", 0), ("valid", 1)])
def test_what_the_models_still_refuse_leaves_nothing_half_written(
    world: World, monkeypatch: pytest.MonkeyPatch, mode: str, made: int
) -> None:
    """As where somebody changes the portal between the check and the writing."""
    monkeypatch.setattr(Checker, "_read_money", lambda self, checked, line: checked.values.update(unread(line)))
    file = SimpleUploadedFile(
        "l.csv", f"{TITLES}\nBon;Structure porteuse;53\nFaux;Structure porteuse;53;;;;;x".encode()
    )
    client = world.client("animator")
    client.post(UPLOAD, {"call": world.call.pk, "file": file})
    job = LaureateImport.objects.latest("pk")
    answer = client.post(f"{job.get_absolute_url()}importer/", {"mode": mode}, follow=True)
    assert answer.status_code == 200
    assert ProjectSheetPage.objects.filter(title__in=["Bon", "Faux"]).count() == made
    job.refresh_from_db()
    assert (job.state, job.created) == ("done" if made else "failed", made)


def unread(line: dict[str, str]) -> dict[str, Decimal | None]:
    return {"total_budget": Decimal(0) if line.get("budget") else None, "state": None}


def test_the_pages_of_an_import(world: World) -> None:
    client = world.client("animator")
    refused = client.post(UPLOAD, {"call": world.call.pk, "file": SimpleUploadedFile("l.csv", b"a;b")})
    assert "Il manque" in refused.content.decode()
    file = SimpleUploadedFile("l.csv", f"{TITLES}\n{GOOD}".encode())
    report = client.post(UPLOAD, {"call": world.call.pk, "file": file}, follow=True)
    assert report.context["to_create"] == 1
    job = LaureateImport.objects.latest("pk")
    done = client.post(f"{job.get_absolute_url()}importer/", {"mode": "all"}, follow=True)
    assert "1 fiche en brouillon est créée" in done.content.decode()
    assert ProjectSheetPage.objects.filter(title="Nouveau projet").count() == 1
    again = client.post(f"{job.get_absolute_url()}importer/", {"mode": "all"}, follow=True)
    assert again.status_code == 200
    assert ProjectSheetPage.objects.filter(title="Nouveau projet").count() == 1


def test_a_sheet_goes_to_another_portal_without_loss(world: World, tmp_path: Path) -> None:
    document = write_sheet(ProjectSheetPage.objects.get(pk=world.sheet.pk))
    assert {SECRETS["sheet.body"], SECRETS["testimony.quote"]} <= set(json.dumps(document).replace('"', " ").split())
    content = json.dumps(document).encode()
    with pytest.raises(ValidationError, match="déjà"):
        create_from(parse_document(content))
    file = tmp_path / "fiche.json"
    told = io.StringIO()
    call_command("transfer_sheet", "export", str(world.sheet.uid), str(file), stdout=told)
    # The other portal: the same one without the sheet.
    ProjectSheetPage.objects.get(pk=world.sheet.pk).delete()
    client = world.client("animator")
    with file.open("rb") as opened:
        page = client.post("/animation/transfert/", {"file": opened}, follow=True)
    assert "Projet public" in page.content.decode()
    arrived = ProjectSheetPage.objects.get(uid=world.sheet.uid)
    assert not arrived.live
    assert write_sheet(arrived)["fingerprint"] == document["fingerprint"] == told.getvalue().strip()


def test_the_other_portal_finds_the_organisations_that_it_knows_by_other_keys(world: World) -> None:
    """By SIRET whatever it calls them, else by name where nothing contradicts it; the fingerprint is the same."""
    Organisation.objects.filter(pk=world.organisation.pk).update(siret="55204944776279")
    Organisation.objects.filter(name="Structure partenaire").update(acronym="SP", website="https://www.sp.example/")
    Organisation.objects.filter(name=SECRETS["funding_line.funder"]).update(acronym="F", website="https://f.example/")
    document = write_sheet(ProjectSheetPage.objects.get(pk=world.sheet.pk))
    assert document["sheet"]["holder"]["siret"] == "55204944776279"
    ProjectSheetPage.objects.get(pk=world.sheet.pk).delete()
    for organisation in Organisation.objects.all():
        organisation.uid = uuid4()
        organisation.save()
    Organisation.objects.filter(pk=world.organisation.pk).update(name="Autrement nommée")
    # The same name, another site: another body.
    Organisation.objects.filter(name=SECRETS["funding_line.funder"]).update(website="https://autre.example/")
    before = Organisation.objects.count()
    arrived = create_from(parse_document(json.dumps(document).encode()), importer=world.users["animator"])
    assert arrived.holder == world.organisation
    assert arrived.partnerships.get().organisation == Organisation.objects.get(name="Structure partenaire")
    assert Organisation.objects.count() == before + 1
    funder = arrived.funding_lines.get().funder
    assert (funder.acronym, funder.website, funder.is_listed) == ("F", "https://f.example/", False)
    assert write_sheet(arrived)["fingerprint"] == document["fingerprint"]


def test_a_document_that_was_changed_or_is_none_is_refused(world: World) -> None:
    document = write_sheet(world.sheet)
    document["sheet"]["title"] = "Autre"
    for content in (
        json.dumps(document).encode(),
        b"",
        b"[]",
        b"{}",
        b"\xff\x00",
        b'{"format": "portal-sheet/2", "sheet": {}}',
        b'{"format": "portal-sheet/1", "sheet": {}}',
    ):
        with pytest.raises(ValidationError):
            parse_document(content)
    response = world.client("other_animator").post(
        "/animation/transfert/", {"file": SimpleUploadedFile("f.json", json.dumps(write_sheet(world.sheet)).encode())}
    )
    assert "Vous n’animez pas la région" in response.content.decode()


def received(world: World, role: str, **changes: object) -> str:
    """Return what the page says of the world's own sheet, changed and under another uid."""
    document = write_sheet(ProjectSheetPage.objects.get(pk=world.sheet.pk))
    new = {"uid": str(uuid4()), "slug": "autre-fiche", "title": "Autre fiche", "documents": []}
    document["sheet"] |= new | changes
    document["sheet"] = {name: value for name, value in document["sheet"].items() if value != "MISSING"}
    document["fingerprint"] = fingerprint_of(document["sheet"])
    file = SimpleUploadedFile("f.json", json.dumps(document).encode())
    answer = world.client(role).post("/animation/transfert/", {"file": file}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def body(name: str, kind: str) -> dict[str, str]:
    """Return what a document holds of an organisation that this portal does not know."""
    empty = dict.fromkeys(("siret", "acronym", "website"), "")
    return {"uid": str(uuid4()), "name": name, "kind": kind, "kind_name": kind.capitalize(), **empty}


UNREADABLE = "Ce fichier n’est pas la fiche d’un portail"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"uid": "MISSING"}, UNREADABLE),
        ({"uid": []}, "UUID"),
        ({"uid": "x"}, "UUID"),
        ({"region": {"a": 1}}, UNREADABLE),
        ({"holder": []}, UNREADABLE),
        ({"holder": body("X", "association")}, "nom : "),
        ({"holder": body("Structure", "association") | {"siret": "123"}}, "SIRET"),
        ({"holder": {"uid": str(uuid4()), "name": "Structure"}}, UNREADABLE),
        ({"actions": [{"title": 5}]}, UNREADABLE),
        ({"slug": "a/b"}, "fiche projet, identifiant dans l’adresse"),
        ({"source_url": "javascript:alert(1)"}, "source : "),
        ({"photos": [{"title": "a", "credit": "", "alt": "", "file": {"name": "a.jpg", "content": "AAAA"}}]}, "image"),
        ({"indicators": [{"label": "a", "unit": "b", "periodicity": "annual", "default_target": None,
          "values": [dict.fromkeys(("note", "source"), "") | {"year": -1, "target": None, "achieved": None}]}]}, ""),
    ],
)  # fmt: skip
def test_a_document_that_no_form_would_accept_is_refused_whole(world: World, changes: dict, said: str) -> None:
    counted = (ProjectSheetPage, Organisation, Call, OrganisationKind)
    before = [model.objects.count() for model in counted]
    page = received(world, "administrator", **changes)
    assert said in page
    assert "est là, en brouillon" not in page
    assert [model.objects.count() for model in counted] == before


def test_only_an_administrator_brings_in_a_call_or_a_kind(world: World) -> None:
    call = {**write_sheet(world.sheet)["sheet"]["call"], "slug": "autre-appel", "url": "https://appel.example/"}
    holder = body("Structure d’ailleurs", "ailleurs")
    for changes in ({"call": call}, {"wave": 7}, {"holder": holder}):
        assert "Ce portail ne connaît pas" in received(world, "animator", **changes)
    for bad in ({"url": "javascript:alert(1)"}, {"slug": "a/b"}):
        received(world, "administrator", call=call | bad)
    assert not Call.objects.filter(title=call["title"]).exclude(pk=world.call.pk).exists()
    received(world, "administrator", call=call, wave=7, holder=holder)
    arrived = ProjectSheetPage.objects.get(title="Autre fiche")
    assert (arrived.call.slug, arrived.wave.number, arrived.holder.kind.slug) == ("autre-appel", 7, "ailleurs")
    assert not arrived.holder.is_listed


def test_open_data_says_what_a_visitor_reads_with_its_dictionary(world: World) -> None:
    page = Client().get("/donnees/").content.decode()
    assert "Licence Ouverte 2.0" in page
    for key, dataset in datasets.items():
        found = json.loads(Client().get(f"/donnees/{key}.json").content)
        names = [column["nom"] for column in found["colonnes"]]
        assert names == [column.name for column in dataset.columns]
        assert all(list(line) == names for line in found["lignes"])
        csv_text = Client().get(f"/donnees/{key}.csv").content.decode("utf-8-sig")
        assert csv_text.splitlines()[0] == ";".join(names)
        for secret in SECRETS.values():
            assert secret not in csv_text + json.dumps(found, ensure_ascii=False)
    assert "Projet public" in Client().get("/donnees/fiches-projets.csv").content.decode()
    assert Client().get("/donnees/rien.csv").status_code == 404
    tag = Client().get("/donnees/fiches-projets.csv")["ETag"]
    assert Client().get("/donnees/fiches-projets.csv", headers={"If-None-Match": tag}).status_code == 304


def test_the_dashboard_counts_one_s_own_regions_and_leads_to_lists(world: World) -> None:
    client = world.client("animator")
    page = client.get("/animation/")
    figures = {figure.label: figure for panel in page.context["panels"] for figure in panel.figures}
    assert figures["fiches publiées"].value == 1
    assert figures["brouillons"].value == 1
    assert figures["fiches à jour"].value == "100\u00a0%"
    assert figures["messages à valider"].value == 1
    assert figures["évènements à venir"].value >= 1
    assert {"questions sans réponse", "demandes de gestion", "comptes à valider"} <= figures.keys()
    for figure in figures.values():
        assert client.get(figure.url).status_code == 200, figure.label
    exported = client.get("/animation/tableau-de-bord.csv").content.decode("utf-8-sig")
    assert "Fiches projets;fiches publiées;1;" in exported
    assert client.get("/animation/tableau-de-bord.xlsx").status_code == 200
