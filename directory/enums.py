"""Choices of the directory."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DirectorySort(models.TextChoices):
    NAME = "nom", _("by name")
    RECENT = "recent", _("lately updated first")
