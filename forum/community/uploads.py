"""Files that people send with a message: accepted by their content, pictures drawn anew."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from portal.core.images import clean_picture
from portal.core.money import format_file_size
from portal.core.uploads import DOCUMENT_TYPES, extension_of, validate_document

MAX_FILES = 5
MAX_SIZE = 10_000_000
PICTURES = ("jpg", "jpeg", "png", "webp")
ACCEPTED = ",".join(f".{extension}" for extension in (*DOCUMENT_TYPES, *PICTURES))


def scan(upload: File) -> None:
    """Hand a file to the antivirus that UPLOAD_SCANNER names, if one does; it raises ValidationError to refuse."""
    if settings.UPLOAD_SCANNER:
        scanner: Callable[[File], None] = import_string(settings.UPLOAD_SCANNER)
        scanner(upload)


def clean_upload(upload: File) -> File:
    """Return the file as it will be kept; raises ValidationError with a sentence that names it.

    A picture is decoded and drawn anew, which leaves no place for anything else; a document must be
    what its name says. Neither SVG nor HTML, which run scripts, is accepted from anyone.
    """
    try:
        return _checked(upload)
    except ValidationError as error:
        said = {"name": upload.name, "why": " ".join(error.messages)}
        raise ValidationError(_("“%(name)s” was not kept: %(why)s"), params=said) from error


def _checked(upload: File) -> File:
    if upload.size > MAX_SIZE:
        raise ValidationError(
            _("it weighs %(size)s; the limit is %(limit)s."),
            params={"size": format_file_size(upload.size), "limit": format_file_size(MAX_SIZE)},
        )
    if extension_of(upload.name or "") in PICTURES:
        upload = clean_picture(upload)
    else:
        validate_document(upload)
    scan(upload)
    return upload


class ManyFilesInput(forms.ClearableFileInput):
    """Several files in one input."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files, each checked; those that pass are kept although another is refused."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", ManyFilesInput(attrs={"accept": ACCEPTED}))
        super().__init__(**options)
        #: The files of this field's last cleaning that passed.
        self.passed: list[File] = []

    def clean(self, data: Any, initial: Any = None) -> list[File]:
        """Return the checked files; raises ValidationError with a sentence for each that is refused."""
        self.passed = []
        errors: list[ValidationError] = []
        uploads = [upload for upload in (data if isinstance(data, list | tuple) else [data]) if upload]
        if len(uploads) > MAX_FILES:
            raise ValidationError(_("%(count)d files at most with a message."), params={"count": MAX_FILES})
        for upload in uploads:
            try:
                self.passed.append(clean_upload(super().clean(upload, initial)))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return self.passed
