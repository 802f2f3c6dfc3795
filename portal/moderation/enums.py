from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportReason(models.TextChoices):
    """Why somebody reports something (the charter's own words)."""

    CHARTER = "charter", _("it breaks the charter")
    PERSONAL_DATA = "personal_data", _("it holds personal data")
    ADVERTISING = "advertising", _("it is advertising")
    ILLEGAL = "illegal", _("it is illegal")
    OTHER = "other", _("another reason")


class ReportState(models.TextChoices):
    OPEN = "open", _("to examine")
    UPHELD = "upheld", _("upheld")
    DISMISSED = "dismissed", _("without follow-up")
