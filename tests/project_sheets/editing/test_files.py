"""Documents and photos of a draft."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from portal.accounts.models import User
from project_sheets.review.services import approve_sheet, submit_sheet
from tests.factories.files import PDF
from tests.project_sheets.editing.conftest import Desk, client_of
from tests.support.forms import form_data


def picture() -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "JPEG", exif=_place())
    return SimpleUploadedFile("photo.jpg", drawn.getvalue(), content_type="image/jpeg")


def _place() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = "zsecretplace"
    return exif


def send(desk: Desk, what: str, file: SimpleUploadedFile, **typed: str):
    data = {f"new-{what}-{name}": value for name, value in typed.items()}
    return desk.save("pieces-jointes", action=f"upload:{what}", **data, **{f"new-{what}-file": file})


def test_a_document_is_sent_named_moved_published_and_removed(desk: Desk, animator: User) -> None:
    assert send(desk, "documents", SimpleUploadedFile("a.pdf", PDF), title="Bilan", kind="report").status_code == 302
    assert send(desk, "documents", SimpleUploadedFile("b.pdf", PDF), title="Affiche", kind="poster").status_code == 302
    first, second = desk.draft.documents.all()
    assert (first.title, first.format, first.size) == ("Bilan", "PDF", len(PDF))
    # Saving another step, then this one, loses neither the files nor what they are.
    desk.save("identite", summary="Un autre.")
    assert desk.save("pieces-jointes", **{"documents-1-title": "Affiche A3"}).status_code == 302
    kept = list(desk.draft.documents.all())
    assert [(one.uid, one.title, one.sha256) for one in kept] == [
        (first.uid, "Bilan", first.sha256),
        (second.uid, "Affiche A3", second.sha256),
    ]
    assert b"".join(desk.client.get(desk.url("file", first.uid)).streaming_content) == PDF
    assert Client().get(first.get_absolute_url()).status_code == 404
    submit_sheet(sheet=desk.sheet, user=desk.user)
    approve_sheet(sheet=desk.sheet, by=animator)
    assert [one.title for one in desk.sheet.documents.all()] == ["Bilan", "Affiche A3"]
    shown = desk.save("pieces-jointes", action="remove:documents:0")
    desk.save("pieces-jointes", shown=form_data(shown.content.decode(), "seen"))
    assert [one.title for one in desk.draft.documents.all()] == ["Affiche A3"]


@pytest.mark.parametrize("pressed", ["save", "next", "upload:photos"])
def test_a_chosen_file_is_kept_whatever_button_is_pressed(desk: Desk, pressed: str) -> None:
    """The Enter key saves; and one of two boxes may be sent while the other is filled in too."""
    typed = {"new-documents-title": "Bilan", "new-documents-kind": "report", "new-photos-alt": "Un atelier"}
    files = {"new-documents-file": SimpleUploadedFile("a.pdf", PDF)}
    if pressed == "upload:photos":
        files["new-photos-file"] = picture()
    response = desk.save("pieces-jointes", action=pressed, **typed, **files)
    assert response.status_code == 302, response.context["uploads"]["photos"].errors
    assert [one.title for one in desk.draft.documents.all()] == ["Bilan"]
    assert desk.draft.photos.count() == len(files) - 1


def test_what_is_typed_beside_a_file_stays(desk: Desk) -> None:
    assert send(desk, "documents", SimpleUploadedFile("a.pdf", PDF), title="Bilan", kind="report").status_code == 302
    response = desk.save("pieces-jointes", action="remove:documents:0", **{"new-documents-title": "Deuxième bilan"})
    assert "Deuxième bilan" in response.content.decode()
    bad = {"new-documents-title": "Bilan", "new-documents-file": SimpleUploadedFile("a.pdf", b"")}
    response = desk.save("pieces-jointes", **bad)
    assert response.status_code == 422
    assert "<title>Erreur" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "content"),
    [("rapport.pdf", b"<script>alert(1)</script>"), ("rapport.exe", PDF), ("vide.pdf", b"")],
)
def test_a_bad_file_is_refused_at_its_field(desk: Desk, name: str, content: bytes) -> None:
    response = send(desk, "documents", SimpleUploadedFile(name, content), title="Bilan", kind="report")
    assert response.status_code == 422
    assert response.context["uploads"]["documents"].errors["file"]
    assert "Bilan" in response.content.decode()
    assert not desk.draft.documents.exists()


# Wagtail leaves the temporary file of a resized picture to the garbage collector.
@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
def test_a_photo_is_drawn_anew_and_shown_only_with_consent(desk: Desk) -> None:
    response = send(desk, "photos", picture(), alt="Un atelier", credit="La plateforme")
    assert response.status_code == 302
    (photo,) = desk.draft.photos.all()
    assert (photo.alt, photo.has_consent, photo.image.credit) == ("Un atelier", False, "La plateforme")
    with photo.image.file.open("rb") as stored:
        assert b"zsecretplace" not in stored.read()
    assert "Un atelier" not in desk.client.get(desk.url("preview")).content.decode()
    assert desk.save("pieces-jointes", **{"photos-0-has_consent": "on"}).status_code == 302
    assert "Un atelier" in desk.client.get(desk.url("preview") + "?vue=visiteurs").content.decode()
    assert send(desk, "photos", SimpleUploadedFile("x.png", b"no picture")).status_code == 422


def test_nobody_else_reads_a_file_of_a_draft(desk: Desk) -> None:
    from tests.factories.accounts import UserFactory

    send(desk, "documents", SimpleUploadedFile("a.pdf", PDF), title="Bilan", kind="report")
    url = desk.url("file", desk.draft.documents.first().uid)
    assert client_of(UserFactory()).get(url).status_code == 403
    assert Client().get(url).status_code == 302


def test_a_file_that_was_never_published_survives_the_admin(desk: Desk, animator: User) -> None:
    """A row of a draft has no key: Wagtail's form would ask for the file again."""
    send(desk, "documents", SimpleUploadedFile("a.pdf", PDF), title="Bilan", kind="report")
    url = reverse("wagtailadmin_pages:edit", args=[desk.sheet.pk])
    team = client_of(animator)
    shown = form_data(team.get(url).content.decode(), "documents-TOTAL_FORMS")
    response = team.post(url, {**shown, "summary": "Corrigé par l’équipe."})
    assert response.status_code == 302, response.context["form"].errors
    assert desk.draft.summary == "Corrigé par l’équipe."
    (document,) = desk.draft.documents.all()
    assert (document.title, document.size) == ("Bilan", len(PDF))
    with document.file.open("rb") as stored:
        assert stored.read() == PDF
