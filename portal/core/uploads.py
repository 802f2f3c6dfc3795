"""Files sent by people: accepted on what they contain, never on their name alone."""

import hashlib
import zipfile
import zlib
from dataclasses import dataclass

import filetype
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from portal.core.money import format_file_size

MAX_DOCUMENT_SIZE = 20_000_000

#: Extension → types that the content may show. OpenDocument and Office files are ZIP archives.
DOCUMENT_TYPES: dict[str, set[str]] = {
    "pdf": {"application/pdf"},
    "odt": {"application/vnd.oasis.opendocument.text"},
    "ods": {"application/vnd.oasis.opendocument.spreadsheet"},
    "odp": {"application/vnd.oasis.opendocument.presentation"},
    "docx": {"application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    "xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    "pptx": {"application/vnd.openxmlformats-officedocument.presentationml.presentation"},
}


@dataclass(frozen=True)
class UploadDescription:
    """What an uploaded file is: ``format`` as shown ("PDF"), ``size`` in bytes, SHA-256."""

    format: str
    size: int
    sha256: str


def extension_of(name: str) -> str:
    """Return the lower-case extension of a file name, without its dot."""
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def describe_upload(upload: File) -> UploadDescription:
    """Read the format, size and fingerprint of an open or uploaded file."""
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return UploadDescription(extension_of(upload.name or "").upper(), upload.size, digest.hexdigest())


def _content_type(upload: File) -> str:
    upload.seek(0)
    head = upload.read(8192)
    upload.seek(0)
    guess = filetype.guess(head)
    if guess is None:
        return ""
    if guess.mime == "application/zip":
        return _office_type(upload)
    return guess.mime


def _office_type(upload: File) -> str:
    """Tell an Office or OpenDocument file from any other archive."""
    try:
        with zipfile.ZipFile(upload) as archive:
            names = set(archive.namelist())
            if "mimetype" in names:
                # Its beginning alone: what a few bytes unpack to may fill the memory.
                with archive.open("mimetype") as entry:
                    return entry.read(100).decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError):
        return ""
    finally:
        upload.seek(0)
    for name, extension in (
        ("word/document.xml", "docx"),
        ("xl/workbook.xml", "xlsx"),
        ("ppt/presentation.xml", "pptx"),
    ):
        if name in names:
            return next(iter(DOCUMENT_TYPES[extension]))
    return "application/zip"


def validate_document(upload: File) -> None:
    """Refuse a document that is too big, of another kind, or disguised.

    Raises ValidationError with a sentence for its field. An already stored file is not read again.
    """
    if getattr(upload, "_committed", False):
        return
    if upload.size > MAX_DOCUMENT_SIZE:
        raise ValidationError(
            _("This file weighs %(size)s; the limit is %(limit)s."),
            params={"size": format_file_size(upload.size), "limit": format_file_size(MAX_DOCUMENT_SIZE)},
        )
    extension = extension_of(upload.name or "")
    if extension not in DOCUMENT_TYPES:
        raise ValidationError(
            _("Files of this kind are not accepted. Accepted: %(accepted)s."),
            params={"accepted": ", ".join(sorted(DOCUMENT_TYPES))},
        )
    if _content_type(upload) not in DOCUMENT_TYPES[extension]:
        raise ValidationError(
            _("The content of this file is not what its name says (%(extension)s)."), params={"extension": extension}
        )
