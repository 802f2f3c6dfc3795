"""Writes of the editorial content."""

from datetime import timedelta
from email.utils import parseaddr
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.content.enums import ContactStatus
from portal.content.models import ContactMessage
from portal.mail.enums import MailStatus
from portal.mail.models import OutboxMessage
from portal.mail.services import queue_mail

#: Said in the page “Données personnelles”.
KEPT_FOR = timedelta(days=365)
_STATUS_OF: dict[str, ContactStatus] = {
    MailStatus.SENDING: ContactStatus.SENDING,
    MailStatus.SENT: ContactStatus.SENT,
    MailStatus.FAILED: ContactStatus.FAILED,
    MailStatus.DEAD: ContactStatus.FAILED,
}


def find_same_message(*, uid: UUID, values: dict[str, Any]) -> ContactMessage | None:
    """Return the message that this very form has already given, if its content is the same."""
    return ContactMessage.objects.filter(uid=uid, email=values["email"], message=values["message"]).first()


def receive_contact_message(*, uid: UUID, values: dict[str, Any]) -> ContactMessage:
    """Store a message of the contact form and its e-mail to the team, once.

    ``uid`` comes from the form: a form sent twice gives one message. The same ``uid`` with another
    content (the visitor went back and wrote again) is another message and loses nothing.
    """
    same = find_same_message(uid=uid, values=values)
    if same is not None:
        return same
    try:
        return _store(uid=uid, values=values)
    except IntegrityError:
        # Either the second click came in the same instant, or the uid has served another content.
        return find_same_message(uid=uid, values=values) or _store(uid=uuid4(), values=values)


@transaction.atomic
def _store(*, uid: UUID, values: dict[str, Any]) -> ContactMessage:
    message = ContactMessage.objects.create(uid=uid, **values)
    _relay(message)
    return message


def _relay(message: ContactMessage) -> None:
    """Hand the message over to the outbox; a second time changes nothing."""
    queue_mail(
        "content.contact_message",
        to=parseaddr(settings.CONTACT_EMAIL)[1],
        key=_mail_key(message),
        reply_to=message.email,
        context={
            "portal": settings.PORTAL_NAME,
            "subject": message.get_subject_display(),
            "name": message.name,
            "email": message.email,
            "organisation": message.organisation,
            "message": message.message,
        },
    )


def _mail_key(message: ContactMessage) -> str:
    return f"content.contact_message:{message.uid}"


def follow_contact_messages() -> int:
    """Show at each message what became of its e-mail; returns how many still wait.

    One that has no e-mail, stored by an earlier version of the portal, gets one.
    """
    waiting = list(ContactMessage.objects.exclude(status=ContactStatus.SENT))
    mails = OutboxMessage.objects.in_bulk([_mail_key(message) for message in waiting], field_name="key")
    left = 0
    for message in waiting:
        mail = mails.get(_mail_key(message))
        if mail is None:
            _relay(message)
            left += 1
            continue
        message.status, message.attempts = _STATUS_OF.get(mail.status, ContactStatus.WAITING), mail.attempts
        message.save(update_fields=["status", "attempts"])
        left += message.status != ContactStatus.SENT
    return left


def delete_old_messages() -> int:
    """Delete the messages whose time is over; returns how many."""
    deleted, _by_model = ContactMessage.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return deleted
