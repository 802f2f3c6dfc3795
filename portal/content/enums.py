"""Choices of the editorial content."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccessibilityStatus(models.TextChoices):
    """The three states of a site under RGAA 4.1; "not compliant" until an audit says otherwise."""

    NONE = "none", _("not compliant")
    PARTIAL = "partial", _("partially compliant")
    FULL = "full", _("fully compliant")


class AnnouncementKind(models.TextChoices):
    INFO = "info", _("information")
    WARNING = "warning", _("warning")


class ResourceKind(models.TextChoices):
    FRAMEWORK_AGREEMENT = "accord-cadre", _("framework agreement")
    SCHEME = "dispositif", _("scheme")
    GUIDE = "guide", _("guide")
    TOOL = "outil", _("tool")
    OTHER = "autre", _("other")


class ContactSubject(models.TextChoices):
    QUESTION = "question", _("Ask a question about the portal")
    MEMBERSHIP = "membership", _("Join the community")
    ACCESSIBILITY = "accessibility", _("Report an accessibility defect")
    RIGHTS = "rights", _("Exercise my rights over my personal data")
    CONTENT = "content", _("Report an error in a page")
    OTHER = "other", _("Other subject")


class ContactStatus(models.TextChoices):
    WAITING = "waiting", _("to be sent")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed, will be tried again")
