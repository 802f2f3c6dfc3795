"""Documents: private files behind a view that checks the reader's right."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.content.models import PortalDocument
from tests.factories.accounts import AdministratorFactory, PendingUserFactory, UserFactory
from tests.factories.content import DocumentFactory
from tests.factories.files import PDF, png


def body_of(response) -> bytes:
    return b"".join(response.streaming_content)


def test_a_public_document_is_downloaded_never_shown(client, db) -> None:
    document = DocumentFactory()
    response = client.get(document.url)
    assert body_of(response) == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_members_document_does_not_exist_for_others(client, db) -> None:
    document = DocumentFactory(members_only=True)
    assert client.get(document.url).status_code == 404
    client.force_login(PendingUserFactory())
    assert client.get(document.url).status_code == 404


def test_a_member_gets_it_and_no_cache_keeps_it(client, db) -> None:
    document = DocumentFactory(members_only=True)
    client.force_login(UserFactory())
    response = client.get(document.url)
    assert body_of(response) == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


def test_wagtail_s_own_address_leads_to_ours_and_tells_others_nothing(client, db) -> None:
    public, members = DocumentFactory(), DocumentFactory(members_only=True)
    for document in (public, members):
        path = reverse("wagtaildocs_serve", args=[document.pk, document.filename])
        response = client.get(path)
        expected = (404, None) if document.members_only else (302, document.url)
        assert (response.status_code, response.headers.get("Location")) == expected


def test_a_wrong_name_or_a_lost_file_does_not_exist(client, db) -> None:
    document = DocumentFactory()
    assert client.get(f"{document.url}x").status_code == 404
    document.file.storage.delete(document.file.name)
    assert client.get(document.url).status_code == 404


def test_files_live_outside_the_public_folder(client, db, settings) -> None:
    document = DocumentFactory()
    assert Path(document.file.path).is_relative_to(settings.DATA_DIR / "private")
    assert client.get(f"/media/{document.file.name}").status_code == 404
    assert client.get(f"/media/images/../{document.file.name}").status_code == 404


def test_format_and_size_are_said_in_french(db) -> None:
    document = DocumentFactory(file=SimpleUploadedFile("x.pdf", PDF + b"0" * (500_000 - len(PDF))))
    assert (document.format, document.shown_size) == ("PDF", "0,50\u00a0Mo")


@pytest.mark.parametrize(
    ("name", "content"),
    [("page.html", b"<html>"), ("faux.pdf", png()), ("faux.pdf", b"<script>"), ("a.docx", PDF)],
    ids=["html", "png called pdf", "script called pdf", "pdf called docx"],
)
def test_the_admin_refuses_a_disguised_document_at_its_field(client, db, name: str, content: bytes) -> None:
    client.force_login(AdministratorFactory())
    values = {"title": "Document", "file": SimpleUploadedFile(name, content), "collection": 1}
    response = client.post(reverse("wagtaildocs:add"), values)
    assert response.context["form"].errors["file"]
    assert not PortalDocument.objects.exists()


def test_the_admin_accepts_a_pdf(client, db) -> None:
    client.force_login(AdministratorFactory())
    values = {"title": "Document", "file": SimpleUploadedFile("a.pdf", PDF), "collection": 1}
    assert client.post(reverse("wagtaildocs:add"), values).status_code == 302
    assert PortalDocument.objects.get().file_size == len(PDF)
