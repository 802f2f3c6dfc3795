"""The outbox: one row for each message, from the moment it is decided."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.mail.enums import MailCategory, MailStatus, MarkReason


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    """Messages by what is to be done with them."""

    def due(self, now: datetime) -> Self:
        """Those to send now: waiting or to be retried, or held by a worker whose lease is over."""
        waiting = Q(status__in=[MailStatus.PENDING, MailStatus.FAILED], next_attempt_at__lte=now)
        abandoned = Q(status=MailStatus.SENDING, lease_until__lte=now)
        return self.filter(waiting | abandoned)


class OutboxMessage(models.Model):
    """One message to one address.

    It is written in the transaction of what it tells about, so that neither exists without the
    other, and sent after the commit by a worker. ``message_id`` is chosen here once: a message that
    has to be sent again is recognised by the mail servers as the same one.
    """

    key = models.CharField(_("key"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=100, db_index=True)
    category = models.CharField(_("category"), max_length=12, choices=MailCategory)
    to = models.EmailField(_("to"), max_length=254, db_index=True)
    subject = models.CharField(_("subject"), max_length=255)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("HTML version"), blank=True)
    from_email = models.CharField(_("from"), max_length=320)
    reply_to = models.EmailField(_("reply to"), max_length=254, blank=True)
    unsubscribe_url = models.URLField(_("address to unsubscribe"), max_length=500, blank=True)
    #: The Message-ID of an invented first message, by which mail programs put a group's mails together.
    thread_id = models.CharField(_("thread"), max_length=255, blank=True)
    #: A list of {"name", "content_type", "content": base64}.
    attachments = models.JSONField(_("attachments"), default=list, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=255, unique=True)
    status = models.CharField(_("status"), max_length=10, choices=MailStatus, default=MailStatus.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    lease_until = models.DateTimeField(_("held by a worker until"), null=True, blank=True)
    created_at = models.DateTimeField(_("written at"), default=timezone.now, db_index=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    #: Bodies do not stay: a link that signs in is worth nothing in a journal.
    purged_at = models.DateTimeField(_("content deleted at"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing e-mail")
        verbose_name_plural = _("outgoing e-mails")
        ordering = ["-created_at", "-pk"]
        indexes = [
            # What the worker asks every second. Not a partial one: SQLite ignores those where values are bound.
            models.Index(fields=["status", "next_attempt_at"], name="mail_outbox_due"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_replayable(self) -> bool:
        """Whether an administrator may have it sent again: it was given up, and is still whole."""
        return self.status == MailStatus.DEAD and self.purged_at is None


class AddressMark(models.Model):
    """What came back from an address. While ``marked_at`` is set it receives the mails of its account alone.

    ``soft_failures`` counts messages that were given up for a reason that may pass (a full mailbox)
    since the last one that is known to have been wrong for good.
    """

    address = models.EmailField(_("address"), max_length=254, unique=True)
    reason = models.CharField(_("reason"), max_length=9, choices=MarkReason)
    detail = models.CharField(_("what the mail server said"), max_length=300, blank=True)
    soft_failures = models.PositiveSmallIntegerField(_("messages that did not arrive"), default=0)
    marked_at = models.DateTimeField(_("marked at"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    updated_at = models.DateTimeField(_("last news"), auto_now=True)

    class Meta:
        verbose_name = _("address that does not receive")
        verbose_name_plural = _("addresses that do not receive")
        ordering = ["-updated_at", "-pk"]

    def __str__(self) -> str:
        return self.address
