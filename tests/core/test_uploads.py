"""Documents are accepted on what they contain."""

import io
import tracemalloc
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.core.uploads import MAX_DOCUMENT_SIZE, describe_upload, validate_document

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"


def archive(**entries: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in entries.items():
            made.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def test_a_real_pdf_is_accepted_and_described() -> None:
    upload = SimpleUploadedFile("Affiche A3.PDF", PDF)
    validate_document(upload)
    description = describe_upload(upload)
    assert (description.format, description.size) == ("PDF", len(PDF))
    assert len(description.sha256) == 64


def test_an_opendocument_file_is_told_from_any_archive() -> None:
    text = archive(mimetype=b"application/vnd.oasis.opendocument.text", content=b"x")
    validate_document(SimpleUploadedFile("a.odt", text))
    with pytest.raises(ValidationError):
        validate_document(SimpleUploadedFile("a.odt", archive(anything=b"x")))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.pdf", b"<html><script>alert(1)</script></html>"),
        ("image.pdf", b"GIF89a" + b"\x00" * 50),
        ("archive.docx", archive(nothing=b"x")),
        ("empty.pdf", b" "),
        ("programme.exe", b"MZ" + b"\x00" * 100),
        ("dessin.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("sans-extension", PDF),
    ],
)
def test_disguised_or_unknown_files_are_refused(name: str, content: bytes) -> None:
    with pytest.raises(ValidationError):
        validate_document(SimpleUploadedFile(name, content))


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    upload = SimpleUploadedFile("gros.pdf", PDF)
    upload.size = MAX_DOCUMENT_SIZE + 1
    with pytest.raises(ValidationError, match="20,00"):
        validate_document(upload)


def test_an_archive_that_unpacks_to_much_is_read_no_further_than_its_kind() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", b"application/vnd.oasis.opendocument.text" + b" " * 60_000_000)
    tracemalloc.start()
    validate_document(SimpleUploadedFile("a.odt", buffer.getvalue()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000
    broken = bytearray(archive(mimetype=b"application/vnd.oasis.opendocument.text"))
    broken[45] ^= 0xFF
    with pytest.raises(ValidationError):
        validate_document(SimpleUploadedFile("a.odt", bytes(broken)))
