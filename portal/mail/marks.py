"""Addresses that do not receive: marked by what comes back, lifted by their owner."""

import logging
from collections.abc import Iterable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as policy
from mailbox import Maildir
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.mail.enums import MARKED, MailCategory, MailStatus, MarkReason
from portal.mail.models import AddressMark, OutboxMessage
from portal.mail.returns import Return, read_return

logger = logging.getLogger(__name__)

#: A full mailbox empties; a third message given up says that nobody reads it.
SOFT_FAILURES = 3
#: A report holds its message; ours weigh less.
LARGEST_REPORT = 5_000_000


@transaction.atomic
def note_return(found: Return) -> AddressMark:
    """Write down one report; marks the address where it is permanent, or the third of those that may pass."""
    address = found.message.to.lower()
    mark, _created = AddressMark.objects.select_for_update().get_or_create(
        address=address, defaults={"reason": found.reason}
    )
    mark.reason = found.reason
    mark.detail = found.detail[: AddressMark._meta.get_field("detail").max_length]
    mark.soft_failures += not found.is_permanent
    if found.is_permanent or mark.soft_failures >= SOFT_FAILURES:
        mark.marked_at = mark.marked_at or timezone.now()
        _cancel_waiting(address)
    mark.save()
    return mark


def note_refused_recipient(message: OutboxMessage, detail: str) -> None:
    """Mark the address of a message whose recipient the mail server has refused for good."""
    note_return(Return(message, MarkReason.BOUNCE, True, detail))


def _cancel_waiting(address: str) -> None:
    waiting = OutboxMessage.objects.filter(to__iexact=address, status__in=[MailStatus.PENDING, MailStatus.FAILED])
    waiting.exclude(category=MailCategory.ACCOUNT).update(status=MailStatus.CANCELLED, last_error=f"{MARKED} since")


def lift_mark(*, address: str) -> bool:
    """Let an address receive again, as its owner wants; False where it was not marked."""
    marked = AddressMark.objects.filter(address=address.lower()).exclude(marked_at=None)
    return bool(marked.update(marked_at=None, lifted_at=timezone.now(), soft_failures=0))


def take_in(reports: Iterable[EmailMessage]) -> int:
    """Note what these messages say; returns how many were reports about messages of ours."""
    count = 0
    for report in reports:
        found = read_return(report)
        if found is not None:
            note_return(found)
            count += 1
    return count


def read_stream(stream: BinaryIO) -> EmailMessage:
    """Return the message on a stream, no longer than LARGEST_REPORT."""
    return message_from_bytes(stream.read(LARGEST_REPORT), policy=policy)


def read_maildir(folder: Path) -> int:
    """Note what the new messages of a Maildir say, and move them to those read; returns how many were ours.

    A message is moved once it is noted: after a crash in between it is noted again, which changes
    nothing for a permanent failure.
    """
    box = Maildir(folder, factory=None, create=False)
    count = 0
    for key in list(box.keys()):
        kept = box.get_message(key)
        if kept.get_subdir() != "new":
            continue
        try:
            count += take_in([message_from_bytes(box.get_bytes(key)[:LARGEST_REPORT], policy=policy)])
        except Exception:
            # Of anybody's making: one that cannot be read must not keep those after it from being read.
            logger.exception("a returned message cannot be read: %s", key)
        kept.set_subdir("cur")
        kept.add_flag("S")
        box[key] = kept
    return count


def read_return_mailbox() -> int:
    """Read the mailbox of returns that the settings name, if any; the scheduled work."""
    return read_maildir(settings.MAIL_RETURN_MAILDIR) if settings.MAIL_RETURN_MAILDIR else 0
