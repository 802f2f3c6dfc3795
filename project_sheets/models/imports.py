"""Lists of laureates that are read in."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from project_sheets.models.calls import Call


class LaureateImport(models.Model):
    """One list of a call's laureates: judged line by line first, written once its owner has seen the report."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("to confirm")
        RUNNING = "running", _("being imported")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    uid = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    call = models.ForeignKey(Call, models.CASCADE, related_name="imports", verbose_name=_("call"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="laureate_imports", verbose_name=_("account")
    )
    file_name = models.CharField(_("name of the file"), max_length=120)
    #: The cells of each line by column, with the line's number: what was judged is what is written.
    lines: Any = models.JSONField(_("lines"), default=list)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PREPARED)
    done = models.PositiveIntegerField(_("lines done"), default=0)
    created = models.PositiveIntegerField(_("sheets created"), default=0)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("import of laureates")
        verbose_name_plural = _("imports of laureates")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """Return the address of its report."""
        return reverse("laureate_import:report", args=[self.uid])
