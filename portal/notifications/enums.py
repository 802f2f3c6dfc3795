"""The choices of the ledger."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Rhythm(models.TextChoices):
    """How soon an e-mail tells of something."""

    NOW = "now", _("at once")
    DAILY = "daily", _("in the daily summary")
    WEEKLY = "weekly", _("in the weekly summary")
    NEVER = "never", pgettext_lazy("e-mail rhythm", "never")


#: The rhythms whose news leave together.
DIGEST_RHYTHMS = (Rhythm.DAILY, Rhythm.WEEKLY)


class EventState(models.TextChoices):
    PENDING = "pending", _("to be told")
    DONE = "done", _("told")
    FAILED = "failed", _("given up")


class MailState(models.TextChoices):
    NONE = "none", _("no e-mail")
    PENDING = "pending", _("waiting")
    SENT = "sent", _("handed over to the outbox")
    CANCELLED = "cancelled", _("cancelled")


class Why(models.TextChoices):
    """What decided of a person's e-mail, or ended it."""

    MANDATORY = "mandatory", _("cannot be switched off")
    DEFAULT = "default", _("the portal’s default")
    PREFERENCE = "preference", _("a preference of this person")
    SUBSCRIPTION = "subscription", _("a choice made for this subscription")
    PAUSED = "paused", _("e-mails are paused")
    STOPPED = "stopped", _("the summary is switched off")
    ADDRESS = "address", _("the address does not receive")
    SEEN = "seen", _("read on the site before")
    WITHDRAWN = "withdrawn", _("no longer shown to this person")
