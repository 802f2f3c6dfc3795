"""The words of files that documents hold: asked for when a document is described, found by a worker."""

import logging
import subprocess

from django.core.files.storage import Storage, default_storage
from django.db.models import F
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from portal.core.storage import private_storage
from search.extraction import extract_text
from search.indexing import request_indexing
from search.models import FileText

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
#: A larger file is not read: what it says is found by its title.
MAX_BYTES = 30 * 1024 * 1024


def text_of_file(file: FieldFile, *, wanted_by: str) -> str:
    """Return the words of the PDF ``file``, "" while they are not known; one or two queries.

    A file that was not read yet is noted for the worker, which has the document ``wanted_by`` (its
    key) indexed again once the words are known. Other formats have no words here.
    """
    name = file.name or ""
    if not name.lower().endswith(".pdf"):
        return ""
    storage = "private" if file.storage == _storage("private") else "default"
    found, _created = FileText.objects.get_or_create(
        name=name[-255:], defaults={"storage": storage, "wanted_by": wanted_by}
    )
    return found.text


def _storage(name: str) -> Storage:
    return private_storage() if name == "private" else default_storage


def extract_waiting(limit: int = 5) -> int:
    """Read the files that wait, a few at a time; returns how many were read."""
    waiting = FileText.objects.filter(extracted_at=None, attempts__lt=MAX_ATTEMPTS).order_by("attempts", "pk")[:limit]
    done = 0
    for row in waiting:
        # Counted first: a file that kills the worker is not tried for ever.
        FileText.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1)
        try:
            row.text = _read(row)
        except (OSError, subprocess.SubprocessError):
            logger.warning("search: %s could not be read", row.name, exc_info=True)
            continue
        row.extracted_at = timezone.now()
        row.save(update_fields=["text", "extracted_at"])
        request_indexing([row.wanted_by])
        done += 1
    return done


def forget_gone() -> int:
    """Delete the words of files that are no more; returns how many."""
    gone = [row.pk for row in FileText.objects.only("name", "storage") if not _storage(row.storage).exists(row.name)]
    FileText.objects.filter(pk__in=gone).delete()
    return len(gone)


def _read(row: FileText) -> str:
    storage = _storage(row.storage)
    if storage.size(row.name) > MAX_BYTES:
        return ""
    with storage.open(row.name) as opened:
        return extract_text(opened.read()).replace("\x00", " ")
