"""The states of an announcement."""

from django.db import models
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("announcement", "draft")
    SCHEDULED = "scheduled", pgettext_lazy("announcement", "scheduled")
    SENT = "sent", pgettext_lazy("announcement", "sent")
