"""The words of files: taken out once, in the background, in a process of its own."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from fpdf import FPDF

from search import extraction, files
from search.models import FileText, IndexTask


def make_pdf(text: str) -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    pdf.cell(text=text)
    return bytes(pdf.output())


class _File:
    """A file of a model."""

    def __init__(self, name: str) -> None:
        self.name, self.storage = name, default_storage


@pytest.fixture
def stored(db: None) -> Any:
    name = default_storage.save("essai.pdf", ContentFile(make_pdf("Zanzibarite et logement")))
    yield _File(name)
    default_storage.delete(name)


def test_words_are_known_after_the_worker_has_read_the_file(stored: Any) -> None:
    assert files.text_of_file(stored, wanted_by="file:1") == ""
    assert files.text_of_file(stored, wanted_by="file:1") == ""
    assert FileText.objects.count() == 1
    assert files.extract_waiting() == 1
    assert "Zanzibarite" in files.text_of_file(stored, wanted_by="file:1")
    assert IndexTask.objects.filter(key="file:1").exists()
    assert files.extract_waiting() == 0


def test_a_file_that_is_no_pdf_or_is_gone_holds_nothing_up(db: None) -> None:
    assert files.text_of_file(_File("texte.odt"), wanted_by="file:1") == ""  # type: ignore[arg-type]
    files.text_of_file(_File("absent.pdf"), wanted_by="file:2")  # type: ignore[arg-type]
    for _time in range(files.MAX_ATTEMPTS + 1):
        assert files.extract_waiting() == 0
    assert FileText.objects.get().attempts == files.MAX_ATTEMPTS


def test_the_words_of_a_deleted_file_are_forgotten(stored: Any) -> None:
    files.text_of_file(stored, wanted_by="file:1")
    files.text_of_file(_File("absent.pdf"), wanted_by="file:2")  # type: ignore[arg-type]
    assert files.forget_gone() == 1
    assert FileText.objects.get().name == stored.name


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 broken", b"\x00" * 1000])
def test_a_broken_file_has_no_words(data: bytes) -> None:
    assert extraction.extract_text(data) == ""
