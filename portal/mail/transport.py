"""The way out: from a row of the outbox to a mail server, and what its refusals mean."""

import base64
import logging
import smtplib
from email.utils import format_datetime, parseaddr
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from portal.mail.enums import SUBSCRIBED_CATEGORIES
from portal.mail.models import OutboxMessage
from portal.mail.returns import return_address
from portal.mail.services import mail_domain, sender

logger = logging.getLogger(__name__)


class TransportDownError(Exception):
    """No message can leave now, whatever the message."""


class PermanentRefusalError(Exception):
    """This message will never be accepted as it is; ``is_recipient`` where nobody is at its address."""

    def __init__(self, described: str, *, is_recipient: bool = False) -> None:
        super().__init__(described)
        self.is_recipient = is_recipient


class TemporaryFailureError(Exception):
    """This message did not leave this time."""


class Transport:
    """One connection to the mail server, kept for as many messages as there are.

    Raises TransportDownError where the connection cannot be made.
    """

    def __init__(self) -> None:
        self._connection: BaseEmailBackend = get_connection(settings.OUTBOX_TRANSPORT)

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self) -> None:
        """Connect where that is not done yet."""
        try:
            self._connection.open()
        except Exception as error:
            # Whatever a backend raises here (network, certificate, password), no message is the cause.
            raise TransportDownError(describe(error)) from error

    def close(self) -> None:
        """Leave politely where possible: what was accepted is accepted."""
        try:
            self._connection.close()
        except Exception:  # noqa: BLE001 -- a server that is gone cannot be left politely
            self._connection = get_connection(settings.OUTBOX_TRANSPORT)

    def send(self, message: OutboxMessage) -> None:
        """Hand one message over; returns once the server has accepted it.

        Raises PermanentRefusalError for a refusal that no new attempt changes, or a row of which no
        message can be made, and TemporaryFailureError for any other failure.
        """
        try:
            mail = mail_of(message)
            # Made once before it is sent: an error here is the message's, not the network's.
            mail.message()
        except (ValueError, LookupError, TypeError) as error:
            # Its words may quote the message, and animators read the refusal.
            logger.exception("no message can be made of row %s", message.pk)
            raise PermanentRefusalError(type(error).__name__) from error
        try:
            self._connection.send_messages([mail])
        except Exception as error:
            # After a failure the state of the connection is unknown.
            self.close()
            if is_permanent(error):
                raise PermanentRefusalError(describe(error), is_recipient=is_unknown_recipient(error)) from error
            raise TemporaryFailureError(describe(error)) from error


def is_permanent(error: Exception) -> bool:
    """Whether the server has refused this very message with a code 5xx (RFC 5321, 4.2.1).

    A refused greeting, password or sender (also 5xx) is about the portal and not about the message: it is
    tried again, and every message with it.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _reason in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return 500 <= error.smtp_code < 600
    return False


def is_unknown_recipient(error: Exception) -> bool:
    """Whether the server has said that no such mailbox exists (RFC 3463: 5.1.x), rather than refuse the portal."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    return all(_text(reason).startswith("5.1.") for _code, reason in error.recipients.values())


def describe(error: Exception) -> str:
    """Return one line for the journal: kind of failure, code, the server's words."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = "; ".join(f"{code} {_text(reason)}" for code, reason in error.recipients.values())
        return f"{type(error).__name__}: {answers}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__}: {error.smtp_code} {_text(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _text(reason: bytes | str) -> str:
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)


def mail_of(message: OutboxMessage) -> EmailMultiAlternatives:
    """Return the e-mail of a row: the same one at each attempt, down to its date."""
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        # The envelope's sender, where reports of failure go; the reader sees the From header.
        from_email=return_address(message) or message.from_email,
        to=[message.to],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers=headers_of(message),
    )
    if message.html and message.text:
        mail.attach_alternative(message.html, "text/html")
    elif message.html:
        mail.body, mail.content_subtype = message.html, "html"
    for attachment in message.attachments:
        content = base64.b64decode(attachment["content"])
        mail.attach(attachment["name"], content, attachment["content_type"])
    return mail


def headers_of(message: OutboxMessage) -> dict[str, str]:
    """Return the headers beside the usual ones.

    Auto-Submitted (RFC 3834) keeps holiday replies away; List-Id (RFC 2919) and one-click
    unsubscription (RFC 8058) belong to what people subscribe to, and to nothing else.
    """
    headers = {
        "Message-ID": message.message_id,
        "Date": format_datetime(timezone.localtime(message.created_at)),
        "Auto-Submitted": "auto-generated",
        "From": message.from_email,
    }
    if message.thread_id:
        headers["In-Reply-To"] = headers["References"] = message.thread_id
    # A library may write in somebody's name; servers accept the portal's own address alone.
    if parseaddr(message.from_email)[1] != parseaddr(sender())[1]:
        headers["Sender"] = sender()
    if message.category in SUBSCRIBED_CATEGORIES:
        headers["List-Id"] = f"<{message.kind.replace('_', '-')}.{mail_domain()}>"
        if message.unsubscribe_url:
            headers["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
