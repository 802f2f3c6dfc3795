"""The PDF documents of a sheet: tagged, at two depths, showing what was handed over and nothing else."""

import io
import logging
from unittest import mock

import pypdf
import pytest
from django.core.files.storage import InMemoryStorage
from django.test import Client

from portal.core import pdf
from portal.core.pdf import PdfUnavailableError, render_pdf, svg_asset
from project_sheets.models import ProjectSheetPage
from project_sheets.pdf import documents
from project_sheets.pdf.documents import Version, kept_document
from project_sheets.pdf.tasks import make_documents
from project_sheets.selectors import SheetPresentation
from tests.support.world import PDF, SECRETS, World, read

SHEET = "/projets/bretagne/projet-public/"
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> InMemoryStorage:
    kept = InMemoryStorage()
    monkeypatch.setattr(documents, "private_storage", lambda: kept)
    return kept


def text_of(content: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(content))
    return " ".join(page.extract_text() for page in reader.pages)


def test_nothing_is_fetched_from_the_disk_or_the_network(caplog: pytest.LogCaptureFixture) -> None:
    html = (
        '<html lang="fr"><title>T</title><img src="file:///etc/hostname" alt=""><img src="asset:no" alt="">'
        '<link rel="attachment" href="file:///etc/hostname"><img src="http://127.0.0.1:9/" alt=""><p>Texte</p>'
    )
    with caplog.at_level(logging.WARNING), mock.patch("urllib.request.OpenerDirector.open") as opened:
        content = render_pdf(html, stylesheet="@import 'file:///etc/hostname';", assets={})
    assert not opened.called
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert not reader.attachments
    assert "Texte" in text_of(content)
    refused = [record.getMessage() for record in caplog.records if record.name == "portal.core.pdf"]
    assert sum("file:///etc/hostname" in message for message in refused) == 3


def test_a_document_is_tagged_for_who_listens(world: World, storage: InMemoryStorage) -> None:
    reader = pypdf.PdfReader(io.BytesIO(read(Client().get(f"{SHEET}fiche.pdf"))))
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "fr"
    assert reader.metadata is not None
    assert reader.metadata.title == "Projet public"
    assert b"pdfuaid:part" in catalog["/Metadata"].get_data()
    assert "/StructTreeRoot" in catalog


def test_each_reader_gets_their_depth_and_nothing_of_the_other(world: World, storage: InMemoryStorage) -> None:
    shown = text_of(read(Client().get(f"{SHEET}fiche.pdf")))
    assert "Projet public" in shown
    assert "Structure partenaire" in shown
    assert not [secret for secret in SECRETS.values() if secret in shown]
    response = world.client("member").get(f"{SHEET}fiche.pdf")
    assert response["Content-Disposition"] == 'attachment; filename="projet-public-fiche-membres.pdf"'
    members = text_of(read(response))
    for name in (
        *("sheet.body", "funding_line.label", "indicator.label", "testimony.quote", "action.body"),
        *("partnership.signed_on", "funding_line.funder"),
    ):
        assert SECRETS[name] in members
    public = text_of(read(world.client("member").get(f"{SHEET}fiche.pdf?version=publique")))
    poster = text_of(read(world.client("member").get(f"{SHEET}affiche.pdf")))
    assert "Projet public" in poster
    assert not [secret for secret in SECRETS.values() if secret in public + poster]
    assert Client().get("/projets/bretagne/projet-brouillon/fiche.pdf").status_code == 404


def test_a_document_is_made_once_and_again_after_a_change(world: World, storage: InMemoryStorage) -> None:
    sheet = ProjectSheetPage.objects.get(slug="projet-public")

    def presented() -> SheetPresentation:
        return SheetPresentation(ProjectSheetPage.objects.get(pk=sheet.pk), with_members_part=False)

    with mock.patch.object(documents, "render_pdf", return_value=PDF) as rendering:
        kept_document(presented(), Version.PUBLIC)
        assert kept_document(presented(), Version.PUBLIC) == PDF
        assert rendering.call_count == 1
        ProjectSheetPage.objects.filter(pk=sheet.pk).update(summary="Un autre résumé.")
        kept_document(presented(), Version.PUBLIC)
        assert rendering.call_count == 2
        assert len(storage.listdir("sheets-pdf")[1]) == 1
        # At publication a worker makes all three; once withdrawn, none is left.
        assert make_documents.func(sheet.pk, str(sheet.uid))
        assert len(storage.listdir("sheets-pdf")[1]) == 3
        sheet.unpublish()
        assert not make_documents.func(sheet.pk, str(sheet.uid))
    assert storage.listdir("sheets-pdf")[1] == []


def test_a_portal_without_the_libraries_says_so_and_lives(
    world: World, storage: InMemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "pdf_is_available", lambda: False)
    with pytest.raises(PdfUnavailableError, match="libpango"):
        render_pdf("<p>", stylesheet="", assets={"x": svg_asset("<svg/>")})
    response = Client().get(f"{SHEET}fiche.pdf")
    assert response.status_code == 503
    assert "libharfbuzz-subset0" in response.content.decode()
    (warning,) = pdf.check_pdf_libraries(None)
    assert "libpango-1.0-0" in (warning.hint or "")
