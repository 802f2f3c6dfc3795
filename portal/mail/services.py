"""Writes of the outbox. Nothing here talks to a mail server: a worker does, after the commit."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import formataddr, parseaddr
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.validators import validate_email
from django.utils import timezone

from portal.mail.enums import MARKED, OPEN_STATUSES, SUBSCRIBED_CATEGORIES, MailCategory, MailStatus
from portal.mail.kinds import mail_kinds
from portal.mail.models import OutboxMessage
from portal.mail.rendering import RenderedMail, one_line, render_mail
from portal.mail.selectors import blocked_addresses

#: Together, for one message: mail servers refuse more than some megabytes.
ATTACHMENTS_BYTES = 2_000_000
#: A link of an account lives one day; its message need not live longer.
ACCOUNT_BODY_KEPT = timedelta(days=2)
BODY_KEPT = timedelta(days=30)
#: Who was written to, when and about what: as long as the contact messages.
ROW_KEPT = timedelta(days=365)


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a message, an invitation for a calendar for instance."""

    name: str
    content_type: str
    content: bytes


def queue_mail(
    kind: str,
    *,
    to: str,
    key: str,
    context: dict[str, Any] | None = None,
    url: str = "",
    reply_to: str = "",
    unsubscribe_url: str = "",
    attachments: tuple[Attachment, ...] = (),
    thread: str = "",
    not_before: datetime | None = None,
) -> OutboxMessage:
    """Decide one message, in the caller's transaction: rolled back with it, sent after its commit.

    ``kind`` is a declared name; ``to`` one address; ``url`` the absolute address of the button of a
    kind that has an action. ``key`` says what the message is about ("join:confirm:12"): a second
    call with the same key returns the first row and sends nothing more. ``unsubscribe_url`` is for
    notifications and digests alone. ``thread`` names what several mails are about
    ("forum.discussion:12"): mail programs show them together. ``not_before`` keeps it until then.

    An address that is marked (``AddressMark``) gets the mails of its account alone: the row of any
    other is written as cancelled.

    Raises KeyError for an unknown kind, ValidationError for an address that is none, ValueError
    where attachments are too heavy, ImproperlyConfigured where button or unsubscription do not
    fit the kind: mistakes of the caller, all found before anything is written.
    """
    if existing := OutboxMessage.objects.filter(key=key).first():
        return existing
    declared = mail_kinds.get(kind)
    validate_email(to)
    if reply_to:
        validate_email(reply_to)
    for link in filter(None, (url, unsubscribe_url)):
        _check_link(link)
    if unsubscribe_url and declared.category not in SUBSCRIBED_CATEGORIES:
        raise ImproperlyConfigured(f"{kind}: nobody can unsubscribe from it")
    return write_row(
        key=key,
        kind=kind,
        category=declared.category,
        to=to,
        rendered=render_mail(declared, context=context or {}, url=url, unsubscribe_url=unsubscribe_url),
        reply_to=reply_to,
        unsubscribe_url=unsubscribe_url,
        attachments=attachments,
        thread_id=thread_id_of(thread) if thread else "",
        not_before=not_before,
    )


def thread_id_of(thread: str) -> str:
    """Return the invented Message-ID that the mails of one thread refer to; it tells nothing of the thread."""
    digest = hashlib.sha256(thread.encode()).hexdigest()[:32]
    return f"<thread.{digest}@{mail_domain()}>"


def _check_link(link: str) -> None:
    # Without the top-level domain that the validator wants, of which "localhost" and "testserver" have none.
    parts = urlsplit(link)
    if parts.scheme not in {"http", "https"} or not parts.netloc or one_line(link) != link or " " in link:
        raise ImproperlyConfigured(f"{link!r} is not an absolute address")


def write_row(
    *,
    key: str,
    kind: str,
    category: MailCategory,
    to: str,
    rendered: RenderedMail,
    from_email: str = "",
    reply_to: str = "",
    unsubscribe_url: str = "",
    attachments: tuple[Attachment, ...] = (),
    thread_id: str = "",
    not_before: datetime | None = None,
) -> OutboxMessage:
    """Write the row of a message that is ready; the first of two with the same key wins."""
    if sum(len(attachment.content) for attachment in attachments) > ATTACHMENTS_BYTES:
        raise ValueError(f"{kind}: more than {ATTACHMENTS_BYTES} bytes of attachments")
    refused = category != MailCategory.ACCOUNT and bool(blocked_addresses([to]))
    message, _created = OutboxMessage.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "category": category,
            "to": to,
            "subject": rendered.subject,
            "text": rendered.text,
            "html": rendered.html,
            "from_email": from_email or sender(),
            "reply_to": reply_to,
            "unsubscribe_url": unsubscribe_url,
            "attachments": [_stored(attachment) for attachment in attachments],
            "message_id": f"<{uuid4().hex}@{mail_domain()}>",
            "thread_id": thread_id,
            "next_attempt_at": not_before or timezone.now(),
            "status": MailStatus.CANCELLED if refused else MailStatus.PENDING,
            "last_error": f"{MARKED}: it receives the mails of its account alone" if refused else "",
        },
    )
    return message


def _stored(attachment: Attachment) -> dict[str, str]:
    return {
        "name": one_line(attachment.name),
        "content_type": attachment.content_type,
        "content": base64.b64encode(attachment.content).decode("ascii"),
    }


def sender() -> str:
    """Return the portal's own address, under its name where DEFAULT_FROM_EMAIL gives none."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or one_line(settings.PORTAL_NAME), address), charset="utf-8")


def mail_domain() -> str:
    """Return the host under which messages and lists are named."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def cancel_mail(*, key: str) -> bool:
    """Withdraw a message that has not left; False when it has, or when there is none."""
    waiting = OutboxMessage.objects.filter(key=key, status__in=[MailStatus.PENDING, MailStatus.FAILED])
    return bool(waiting.update(status=MailStatus.CANCELLED))


def replay_dead(*, pks: list[int]) -> int:
    """Give messages that were given up all their attempts again; returns how many.

    They keep their Message-ID. One whose content is deleted stays as it is, and so does one that its
    address, marked since, does not receive.
    """
    dead = OutboxMessage.objects.filter(pk__in=pks, status=MailStatus.DEAD, purged_at=None)
    others = dict(dead.exclude(category=MailCategory.ACCOUNT).values_list("pk", "to"))
    blocked = blocked_addresses(others.values())
    marked = [pk for pk, to in others.items() if to.lower() in blocked]
    return dead.exclude(pk__in=marked).update(status=MailStatus.PENDING, attempts=0, next_attempt_at=timezone.now())


def purge_contents(*, now: datetime | None = None) -> int:
    """Delete the contents whose time is over, then the rows whose time is; returns how many contents."""
    now = now or timezone.now()
    closed = OutboxMessage.objects.exclude(status__in=OPEN_STATUSES).filter(purged_at=None)
    # What was given up waits for somebody to send it again: a weekend must not empty it.
    arrived = closed.exclude(status=MailStatus.DEAD)
    emptied = arrived.filter(category=MailCategory.ACCOUNT, created_at__lt=now - ACCOUNT_BODY_KEPT).update(**_emptied())
    emptied += closed.filter(created_at__lt=now - BODY_KEPT).update(**_emptied())
    OutboxMessage.objects.exclude(status__in=OPEN_STATUSES).filter(created_at__lt=now - ROW_KEPT).delete()
    return emptied


def _emptied() -> dict[str, Any]:
    return {"text": "", "html": "", "attachments": [], "unsubscribe_url": "", "purged_at": timezone.now()}
