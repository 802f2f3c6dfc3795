"""Files of organisations that are read in."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.enums import ImportMode, ImportState, LineOutcome
from portal.core.storage import private_storage


def import_path(job: "ImportJob", filename: str) -> str:
    """Return where an imported file is kept until its job is old."""
    return f"imports/{uuid.uuid4().hex}.{filename.rsplit('.', 1)[-1].lower()}"


class ImportJob(models.Model):
    """One file: read and judged line by line first, written only when its owner has seen the report."""

    uid = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="directory_imports", verbose_name=_("account")
    )
    file = models.FileField(_("file"), upload_to=import_path, storage=private_storage)
    file_name = models.CharField(_("name of the file"), max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.CHECKING)
    mode = models.CharField(_("what is written"), max_length=10, choices=ImportMode, blank=True)
    done = models.PositiveIntegerField(_("lines done"), default=0)
    total = models.PositiveIntegerField(_("lines"), default=0)
    to_create = models.PositiveIntegerField(_("to create"), default=0)
    to_update = models.PositiveIntegerField(_("to update"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    problem = models.CharField(_("why the file could not be read"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("import of organisations")
        verbose_name_plural = _("imports of organisations")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name


class ImportLine(models.Model):
    """What one line of a file does, or why it cannot: the report of an import, row by row."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="lines", verbose_name=_("import"))
    #: As a spreadsheet shows it; the titles are line 1.
    number = models.PositiveIntegerField(_("line"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    outcome = models.CharField(_("outcome"), max_length=6, choices=LineOutcome)
    #: Sentences, where the line is wrong.
    errors: Any = models.JSONField(_("mistakes"), default=list)
    #: [column, value before, value after] of what it changes, shortened to be read.
    changes: Any = models.JSONField(_("changes"), default=list)

    class Meta:
        verbose_name = _("line of an import")
        verbose_name_plural = _("lines of imports")
        ordering = ["job", "number"]
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="import_line_once")]
        indexes = [models.Index(fields=["job", "outcome", "number"], name="import_line_by_outcome")]

    def __str__(self) -> str:
        return f"{self.number} – {self.name}"
