"""Writes of the editorial content."""

import logging
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.content.enums import ContactStatus
from portal.content.models import ContactMessage

logger = logging.getLogger(__name__)

#: A message claimed by a process that died is taken up again after this time.
CLAIM_LASTS = timedelta(minutes=10)
#: Said in the page “Données personnelles”.
KEPT_FOR = timedelta(days=365)


def find_same_message(*, uid: UUID, values: dict[str, Any]) -> ContactMessage | None:
    """Return the message that this very form has already given, if its content is the same."""
    return ContactMessage.objects.filter(uid=uid, email=values["email"], message=values["message"]).first()


def receive_contact_message(*, uid: UUID, values: dict[str, Any]) -> ContactMessage:
    """Store a message of the contact form, once; the caller has it sent after the commit.

    ``uid`` comes from the form: a form sent twice gives one message. The same ``uid`` with another
    content (the visitor went back and wrote again) is another message and loses nothing.
    """
    same = find_same_message(uid=uid, values=values)
    if same is not None:
        return same
    try:
        with transaction.atomic():
            return ContactMessage.objects.create(uid=uid, **values)
    except IntegrityError:
        # Either the second click came in the same instant, or the uid has served another content.
        return find_same_message(uid=uid, values=values) or ContactMessage.objects.create(uid=uuid4(), **values)


def send_waiting_messages() -> int:
    """Send every message that waits or has failed; returns how many still wait.

    Called by the background task. A mail server that is down leaves them waiting.
    """
    waiting = models.Q(status__in=[ContactStatus.WAITING, ContactStatus.FAILED])
    abandoned = models.Q(status=ContactStatus.SENDING, claimed_at__lt=timezone.now() - CLAIM_LASTS)
    left = 0
    for message in ContactMessage.objects.filter(waiting | abandoned).order_by("pk"):
        if _claim(message) and not _send(message):
            left += 1
    return left


def _claim(message: ContactMessage) -> bool:
    """Take ``message`` for this process; False when another one has taken it meanwhile."""
    seen = ContactMessage.objects.filter(pk=message.pk, status=message.status, claimed_at=message.claimed_at)
    return bool(seen.update(status=ContactStatus.SENDING, claimed_at=timezone.now(), attempts=models.F("attempts") + 1))


def _send(message: ContactMessage) -> bool:
    try:
        _mail_of(message).send()
    except Exception:
        # Any failure of the transport: the message stays, and is tried again.
        logger.exception("contact message %s could not be sent", message.pk)
        ContactMessage.objects.filter(pk=message.pk).update(status=ContactStatus.FAILED)
        return False
    ContactMessage.objects.filter(pk=message.pk).update(status=ContactStatus.SENT)
    return True


def _mail_of(message: ContactMessage) -> EmailMessage:
    """Return the e-mail of a message; nothing typed enters its headers but the checked address."""
    lines = [
        _("From: %(name)s <%(email)s>") % {"name": message.name, "email": message.email},
        *([_("Organisation: %(name)s") % {"name": message.organisation}] if message.organisation else []),
        _("Subject: %(subject)s") % {"subject": message.get_subject_display()},
        "",
        message.message,
    ]
    return EmailMessage(
        subject=f"[{settings.PORTAL_NAME}] {message.get_subject_display()}",
        body="\n".join(lines),
        to=[settings.CONTACT_EMAIL],
        reply_to=[message.email],
        # The same at each attempt: a mail server that received it twice tells it is one message.
        headers={"Message-ID": f"<contact-{message.uid}@{urlsplit(settings.BASE_URL).hostname}>"},
    )


def delete_old_messages() -> int:
    """Delete the messages whose time is over; returns how many."""
    deleted, _by_model = ContactMessage.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return deleted
