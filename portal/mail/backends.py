"""Django's e-mail backend of the portal: what a library sends goes into the outbox as well."""

from collections.abc import Sequence
from email.mime.base import MIMEBase
from email.utils import parseaddr
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from portal.mail.enums import MailCategory
from portal.mail.models import OutboxMessage
from portal.mail.rendering import RenderedMail, one_line
from portal.mail.services import Attachment, write_row

LIBRARY_KIND = "library"
SUBJECT_STORED = OutboxMessage._meta.get_field("subject").max_length


class OutboxBackend(BaseEmailBackend):
    """Store each message once for each of its recipients, in the caller's transaction.

    A row for each recipient: a refused address does not hold up the others, and none of them reads
    the others' addresses.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Store the messages; returns how many had somebody to go to."""
        stored = 0
        with transaction.atomic():
            for email_message in email_messages:
                recipients = dict.fromkeys(parseaddr(address)[1] for address in email_message.recipients())
                for address in filter(None, recipients):
                    _store(email_message, address)
                stored += bool(recipients)
        return stored


def _store(email_message: EmailMessage, address: str) -> None:
    is_html = email_message.content_subtype == "html"
    alternatives = (
        getattr(email_message, "alternatives", []) if isinstance(email_message, EmailMultiAlternatives) else []
    )
    html = next((str(part.content) for part in alternatives if part.mimetype == "text/html"), "")
    write_row(
        key=f"{LIBRARY_KIND}:{uuid4().hex}",
        kind=LIBRARY_KIND,
        category=MailCategory.LIBRARY,
        to=address,
        rendered=RenderedMail(
            one_line(str(email_message.subject))[:SUBJECT_STORED],
            "" if is_html else str(email_message.body),
            str(email_message.body) if is_html else html,
        ),
        # A library that leaves the sender open writes under the portal's name, as the portal does.
        from_email=""
        if email_message.from_email == settings.DEFAULT_FROM_EMAIL
        else one_line(email_message.from_email),
        reply_to=parseaddr(email_message.reply_to[0])[1] if email_message.reply_to else "",
        attachments=tuple(_attachment(part) for part in email_message.attachments),
    )


def _attachment(part: MIMEBase | tuple[str, bytes | str, str]) -> Attachment:
    if isinstance(part, MIMEBase):
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else part.as_bytes()
        return Attachment(part.get_filename() or "", part.get_content_type(), content)
    name, content, content_type = part
    return Attachment(name or "", content_type or "application/octet-stream", _bytes(content))


def _bytes(content: bytes | str) -> bytes:
    return content.encode() if isinstance(content, str) else content
