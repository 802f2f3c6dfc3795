"""The choices of the outbox."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailStatus(models.TextChoices):
    PENDING = "pending", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("To be tried again")
    DEAD = "dead", _("Given up")
    CANCELLED = "cancelled", _("Cancelled")


#: Still to be sent, or perhaps being sent by a worker that has died.
OPEN_STATUSES = (MailStatus.PENDING, MailStatus.FAILED, MailStatus.SENDING)


class MailCategory(models.TextChoices):
    #: A step of one's own account: cannot be unsubscribed from, and may hold a link that signs in.
    ACCOUNT = "account", _("Account")
    #: Written by a person through a form of the portal.
    RELAY = "relay", _("Message from a person")
    NOTIFICATION = "notification", _("Notification")
    DIGEST = "digest", _("Digest")
    #: Composed by a library (Wagtail's reviews, for instance).
    LIBRARY = "library", _("Other")


#: What people subscribe to, and so may unsubscribe from.
SUBSCRIBED_CATEGORIES = (MailCategory.NOTIFICATION, MailCategory.DIGEST)


class MarkReason(models.TextChoices):
    """Why an address no longer receives anything but the mails of its account."""

    BOUNCE = "bounce", _("messages came back")
    COMPLAINT = "complaint", _("a message was reported as unwanted")


#: How the outbox says that a message was withdrawn since its address receives the mails of its account alone.
MARKED = "this address is marked"
