"""Sending what is due. A worker calls ``deliver_due``; so may a test.

The promise: no message is lost, and at most the one in flight when a process dies is sent again,
with the same Message-ID. SMTP allows no more: between the server's "accepted" and our commit, a
dead process has sent a message that nobody noted.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils import timezone

from portal.mail.enums import MailStatus
from portal.mail.last_look import Verdict, look_again
from portal.mail.marks import note_refused_recipient
from portal.mail.models import OutboxMessage
from portal.mail.transport import (
    PermanentRefusalError,
    TemporaryFailureError,
    Transport,
    TransportDownError,
)

logger = logging.getLogger(__name__)

#: A database that restarts is back within seconds; giving up sooner would send the message twice.
NOTE_TRIES = 6
NOTE_PAUSE_SECONDS = 0.2


def deliver_due(*, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Send the messages that are due, oldest first; returns how many left.

    Raises TransportDownError where the mail server cannot be reached. No message is charged with an
    attempt then; each says why it waits.
    """
    if not OutboxMessage.objects.due(timezone.now()).exists():
        return 0
    give_up_exhausted()
    sent = 0
    try:
        with Transport() as transport:
            while not is_stopping() and (message := claim_next()) is not None:
                sent += _attempt(transport, message)
                # After a failure the connection is closed: a server that went down is found here, before a claim.
                transport.open()
    except TransportDownError as error:
        OutboxMessage.objects.due(timezone.now()).exclude(last_error=str(error)).update(last_error=str(error))
        raise
    return sent


def claim_next() -> OutboxMessage | None:
    """Take the next due message for this process alone, or return None.

    On PostgreSQL, rows that other workers are taking are skipped; SQLite serialises the
    transactions. The attempt is counted here, so that a message which kills its worker is not
    tried for ever.
    """
    now = timezone.now()
    due = OutboxMessage.objects.due(now).order_by("next_attempt_at", "pk")
    # A look outside a transaction: SQLite would lock the whole database, every second, for nothing.
    while due.exists():
        with transaction.atomic():
            if connection.features.has_select_for_update_skip_locked:
                due = due.select_for_update(skip_locked=True)
            message = due.first()
            if message is None:
                return None
            if _take(message, until=now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)):
                return message
    return None


def _take(message: OutboxMessage, *, until: datetime) -> bool:
    """Write the claim where the row is still as it was read; False where another process was first."""
    as_read = OutboxMessage.objects.filter(pk=message.pk, status=message.status, attempts=message.attempts)
    message.status, message.attempts, message.lease_until = MailStatus.SENDING, message.attempts + 1, until
    return bool(as_read.update(status=message.status, attempts=message.attempts, lease_until=until))


def _attempt(transport: Transport, message: OutboxMessage) -> bool:
    """Send one claimed message and note what became of it; True where it left."""
    try:
        leaves = _follows(message, look_again(message))
    except Exception as error:
        # An app's rights may raise anything: nothing leaves unseen, and the other messages go on. What it says
        # may be anything too, and animators read the last error: it stays in the log.
        logger.exception("message %s could not be looked at again", message.pk)
        _note(message, last_error=type(error).__name__, **_after_failure(message))
        return False
    if not leaves:
        return False
    try:
        transport.send(message)
    except PermanentRefusalError as error:
        logger.warning("message %s refused: %s", message.pk, error)
        _note(message, status=MailStatus.DEAD, last_error=str(error))
        if error.is_recipient:
            note_refused_recipient(message, str(error))
        return False
    except TemporaryFailureError as error:
        logger.warning("message %s failed: %s", message.pk, error)
        _note(message, last_error=str(error), **_after_failure(message))
        return False
    _note(message, status=MailStatus.SENT, sent_at=timezone.now(), last_error="")
    return True


def _follows(message: OutboxMessage, verdict: Verdict) -> bool:
    """Do what the last look at a message wants; True where it leaves now."""
    if verdict.withdrawn:
        _note(message, status=MailStatus.CANCELLED, last_error=verdict.withdrawn)
        return False
    if verdict.wait_until is not None:
        # Waiting is no attempt.
        waits = {"next_attempt_at": verdict.wait_until, "attempts": message.attempts - 1}
        _note(message, status=MailStatus.PENDING, **waits)
        return False
    if verdict.rewritten is not None:
        message.subject, message.text, message.html = (
            verdict.rewritten.subject,
            verdict.rewritten.text,
            verdict.rewritten.html,
        )
        message.save(update_fields=["subject", "text", "html"])
    return True


def _after_failure(message: OutboxMessage) -> dict[str, object]:
    """Return when to try again, or that it was the last time."""
    waits = settings.OUTBOX_RETRY_SECONDS
    if message.attempts > len(waits):
        return {"status": MailStatus.DEAD}
    pause = timedelta(seconds=waits[message.attempts - 1])
    return {"status": MailStatus.FAILED, "next_attempt_at": timezone.now() + pause}


def _note(message: OutboxMessage, **values: object) -> None:
    """Write the outcome, unless another worker has taken the message up meanwhile.

    Tried several times: the mail is gone, and an outcome that is not written means a second mail.
    """
    # A claim counts: the number of attempts tells ours from any later one.
    ours = OutboxMessage.objects.filter(pk=message.pk, status=MailStatus.SENDING, attempts=message.attempts)
    for attempt in range(1, NOTE_TRIES + 1):
        try:
            ours.update(lease_until=None, **values)
        except DatabaseError:
            if attempt == NOTE_TRIES or connection.in_atomic_block:
                raise
            time.sleep(NOTE_PAUSE_SECONDS * 2 ** (attempt - 1))
            close_old_connections()
        else:
            return


def give_up_exhausted() -> int:
    """Give up messages whose workers died during each of their attempts; returns how many.

    Such a message may itself be what kills them.
    """
    limit = len(settings.OUTBOX_RETRY_SECONDS) + 1
    exhausted = OutboxMessage.objects.due(timezone.now()).filter(status=MailStatus.SENDING, attempts__gte=limit)
    return exhausted.update(status=MailStatus.DEAD, lease_until=None, last_error="its worker died during each attempt")
