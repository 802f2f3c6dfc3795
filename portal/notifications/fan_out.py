"""From an event to one decision for each person whom it concerns. A worker calls ``fan_out_due``.

A worker that dies in the middle leaves its event to another, which writes what is missing: the
database holds one decision a person and event.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation

from portal.accounts.models import User
from portal.mail.rendering import filled
from portal.mail.selectors import blocked_addresses
from portal.notifications.enums import EventState, Rhythm
from portal.notifications.kinds import NotificationKind, Recipient, Telling, notification_kinds
from portal.notifications.models import Event, MailSettings, Notification, Preference
from portal.notifications.rules import MAIL_DELAY, Decision, decide

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
#: After each failure, the pause before the next attempt; after the last one the event is given up.
RETRY_AFTER = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200))
#: People decided of in one transaction.
BATCH = 200


def fan_out_due(*, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Tell every event that is due, oldest first; returns how many decisions were written."""
    written = 0
    while not is_stopping() and (event := claim_next()) is not None:
        try:
            with translation.override(settings.LANGUAGE_CODE):
                written += tell(event)
        except Exception as error:
            # An app's audience or telling may raise anything; the other events go on.
            logger.exception("event %s could not be told", event.pk)
            _note_failure(event, error)
    return written


def claim_next() -> Event | None:
    """Take the next due event for this process alone, or return None; see ``portal.mail.delivery.claim_next``."""
    now = timezone.now()
    due = Event.objects.due(now).order_by("next_attempt_at", "pk")
    # A look outside a transaction: SQLite would lock the whole database, every second, for nothing.
    while due.exists():
        with transaction.atomic():
            rows = (
                due.select_for_update(skip_locked=True)
                if connection.features.has_select_for_update_skip_locked
                else due
            )
            event = rows.first()
            if event is None:
                return None
            as_read = Event.objects.filter(pk=event.pk, state=EventState.PENDING, attempts=event.attempts)
            event.attempts, event.lease_until = event.attempts + 1, now + LEASE
            if as_read.update(attempts=event.attempts, lease_until=event.lease_until):
                return event
    return None


def tell(event: Event) -> int:
    """Write a decision for everyone whom ``event`` concerns, then close it; returns how many were written.

    Raises whatever the kind's ``audience`` and ``telling`` raise.
    """
    kind = notification_kinds.get(event.kind)
    written = 0
    # What it was about may be gone: then there is nothing to tell.
    audience = kind.audience(event) if event.about is not None else ()
    for batch in _batches(_once_each(audience, but=event.actor_id)):
        with transaction.atomic():
            written += _tell_batch(event, kind, batch)
            Event.objects.filter(pk=event.pk).update(lease_until=timezone.now() + LEASE)
    Event.objects.filter(pk=event.pk).update(state=EventState.DONE, lease_until=None, last_error="")
    return written


def _once_each(audience: Iterable[Recipient], *, but: int | None) -> Iterator[Recipient]:
    """Yield each person once, with their first reason, and never who acted."""
    seen = {but}
    for recipient in audience:
        if recipient.user_id not in seen:
            seen.add(recipient.user_id)
            yield recipient


def _batches(recipients: Iterator[Recipient]) -> Iterator[list[Recipient]]:
    while batch := list(islice(recipients, BATCH)):
        yield batch


def _tell_batch(event: Event, kind: NotificationKind, batch: list[Recipient]) -> int:
    ids = [recipient.user_id for recipient in batch]
    told = set(Notification.objects.filter(event=event, user__in=ids).values_list("user_id", flat=True))
    people = members().in_bulk([pk for pk in ids if pk not in told])
    preferences = {row.user_id: row for row in Preference.objects.filter(user__in=people, kind=kind.key)}
    chosen = MailSettings.objects.in_bulk(list(people))
    blocked = blocked_addresses([user.email for user in people.values()])
    now = timezone.now()
    rows = []
    for recipient in batch:
        user = people.get(recipient.user_id)
        telling = kind.telling(event, user) if user is not None else None
        if user is None or telling is None:
            continue
        decision = decide(
            kind,
            recipient,
            preference=preferences.get(user.pk),
            mail_settings=chosen.get(user.pk),
            address_receives=user.email.lower() not in blocked,
            now=now,
        )
        rows.append(_row(event, kind, recipient, telling, decision, now))
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def members() -> QuerySet[User]:
    """Return who is told anything: those whom the community has admitted and who are still here."""
    admitted = Q(is_superuser=True) | Q(membership_status=User.MembershipStatus.APPROVED)
    return User.objects.filter(admitted, is_active=True)


def _row(
    event: Event, kind: NotificationKind, recipient: Recipient, telling: Telling, decision: Decision, now: datetime
) -> Notification:
    return Notification(
        event=event,
        user_id=recipient.user_id,
        kind=kind.key,
        title=_fitting("title", telling.title),
        url=telling.url,
        group=telling.group or f"event:{event.pk}",
        group_title=_fitting("group_title", telling.group_title),
        reason=_fitting("reason", recipient.reason or filled(str(kind.reason), event.data)),
        subscription_id=recipient.subscription_id,
        on_site=decision.on_site,
        rhythm=decision.rhythm,
        why=decision.why,
        mail_state=decision.mail_state,
        mail_due_at=now + MAIL_DELAY if decision.rhythm == Rhythm.NOW else None,
        created_at=now,
    )


def _fitting(field: str, text: str) -> str:
    """Return ``text`` shortened to what its column holds."""
    length = getattr(Notification._meta.get_field(field), "max_length", 0)
    text = str(text)
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _note_failure(event: Event, error: Exception) -> None:
    """Say when to try again, or that it was the last time; only while the event is still ours."""
    ours = Event.objects.filter(pk=event.pk, state=EventState.PENDING, attempts=event.attempts)
    described = f"{type(error).__name__}: {error}"
    if event.attempts > len(RETRY_AFTER):
        ours.update(state=EventState.FAILED, lease_until=None, last_error=described)
    else:
        again = timezone.now() + RETRY_AFTER[event.attempts - 1]
        ours.update(lease_until=None, next_attempt_at=again, last_error=described)
