"""Writes of the ledger that requests call. Telling people is a worker's (``fan_out``, ``mailing``)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from portal.accounts.models import User
from portal.mail.enums import OPEN_STATUSES
from portal.mail.models import OutboxMessage
from portal.mail.services import cancel_mail
from portal.notifications.enums import MailState, Rhythm, Why
from portal.notifications.follows import followable_of
from portal.notifications.kinds import notification_kinds
from portal.notifications.models import Digest, Event, Notification, Preference, Subscription
from portal.notifications.selectors import content_type_of, subscriptions_to

#: What is told is news for a while; the objects themselves stay where they are.
KEPT = timedelta(days=365)


def record_event(
    kind: str, *, about: Model, key: str, actor: User | None = None, data: dict[str, Any] | None = None
) -> None:
    """Note that something happened: one insert in the caller's transaction, whoever follows it.

    ``kind`` is a declared key; ``about`` the object it is about; ``key`` says what happened within
    the kind, and the same key twice is the same event; ``actor`` is never told of their own act;
    ``data`` (JSON) is for the kind's ``audience`` and ``telling``. Raises KeyError for an unknown kind.
    """
    notification_kinds.get(kind)
    event = Event(
        kind=kind,
        key=key,
        content_type=ContentType.objects.get_for_model(about),
        object_id=str(about.pk),
        actor=actor,
        data=data or {},
    )
    Event.objects.bulk_create([event], ignore_conflicts=True)


def follow(*, user: User, target: Model, because: str = "") -> None:
    """Have ``user`` follow ``target``; once, whatever the number of calls.

    ``because`` says what made them follow it ("you answered"). The caller has checked that the
    person may see it. Raises KeyError where the model is not declared followable.
    """
    followable_of(target)
    row = Subscription(user=user, content_type=content_type_of(target), object_id=str(target.pk), because=because)
    # One statement, whether they follow it already or not: every answer comes by here.
    Subscription.objects.bulk_create([row], ignore_conflicts=True)


def unfollow(*, user: User, target: Model) -> None:
    """End that ``user`` follows ``target``; nothing happens where they do not."""
    for subscription in subscriptions_to(target).filter(user=user):
        end_subscription(subscription=subscription)


@transaction.atomic
def end_subscription(*, subscription: Subscription) -> None:
    """End a subscription with the mails that wait because of it; for its own person."""
    told = Notification.objects.filter(subscription=subscription)
    _cancel_mails(told)
    unsent = OutboxMessage.objects.filter(status__in=OPEN_STATUSES).values("key")
    told.filter(mail_state=MailState.SENT, mail_key__in=unsent).update(mail_state=MailState.CANCELLED, why=Why.STOPPED)
    subscription.delete()


def mark_seen(*, user: User, group: str) -> None:
    """Note that ``user`` has read a group of news on the site, and cancel what mail of it waits.

    One query where nothing waits: detail views call it for members.
    """
    waiting = list(Notification.objects.filter(user=user, group=group).unread().only("pk", "user_id", "mail_key"))
    if waiting:
        _close(waiting)


def close_hidden(*, notifications: Sequence[Notification]) -> None:
    """Note that these need no attention: their person may not see any more what they tell, and is not counted it."""
    waiting = [one for one in notifications if one.read_at is None]
    if waiting:
        _close(waiting)


def _close(notifications: Sequence[Notification]) -> None:
    """Mark these as read, and cancel their mails that have not left."""
    rows = Notification.objects.filter(pk__in=[notification.pk for notification in notifications])
    rows.filter(mail_state=MailState.PENDING).update(mail_state=MailState.CANCELLED, why=Why.SEEN)
    rows.unread().update(read_at=timezone.now())
    for user_id, key in {(one.user_id, one.mail_key) for one in notifications if one.mail_key}:
        # A mail about several things is wanted until the last of them is read.
        if not Notification.objects.filter(user=user_id, mail_key=key).unread().exists():
            cancel_mail(key=key)


def forget_old(*, now: datetime | None = None) -> int:
    """Delete events with their notifications, and the rows of summaries, after a year; returns how many events."""
    limit = (now or timezone.now()) - KEPT
    Digest.objects.filter(created_at__lt=limit).delete()
    old = Event.objects.filter(created_at__lt=limit)
    count = old.count()
    old.delete()
    return count


def mark_all_seen(*, user: User) -> int:
    """Note that ``user`` has seen everything; returns how many notifications that were."""
    waiting = list(Notification.objects.of(user).unread().only("pk", "user_id", "mail_key"))
    if waiting:
        _close(waiting)
    return len(waiting)


@transaction.atomic
def save_preferences(*, user: User, choices: dict[str, tuple[bool, str]]) -> None:
    """Write what ``user`` chose: by kind, whether it shows on the site and the rhythm of its mails.

    What equals the default is not written: a later change of the default holds for it.
    """
    for key, (on_site, rhythm) in choices.items():
        if (on_site, rhythm) == (True, notification_kinds.get(key).default):
            Preference.objects.filter(user=user, kind=key).delete()
        else:
            Preference.objects.update_or_create(
                user=user, kind=key, defaults={"on_site": on_site, "rhythm": Rhythm(rhythm)}
            )
    never = [key for key, (_on_site, rhythm) in choices.items() if rhythm == Rhythm.NEVER]
    # What follows a subscription of its own rhythm is left to that one.
    _cancel_mails(Notification.objects.filter(user=user, kind__in=never).exclude(subscription__rhythm__gt=""))


def choose_subscription_rhythm(*, subscription: Subscription, rhythm: str) -> None:
    """Write the rhythm of one subscription; empty, its kinds decide. For its own person."""
    subscription.rhythm = Rhythm(rhythm) if rhythm else ""
    subscription.save(update_fields=["rhythm"])
    rows = Notification.objects.filter(subscription=subscription)
    if subscription.rhythm == Rhythm.NEVER:
        _cancel_mails(rows)
    elif not subscription.rhythm:
        # What it had said no longer holds for what has not left; what nobody has read may still be to leave.
        rows.unread().filter(why=Why.SUBSCRIPTION).update(why=Why.DEFAULT)


def _cancel_mails(stopped: QuerySet[Notification]) -> None:
    """Stop the mails that wait of ``stopped``: who chooses "never" means from now on."""
    stopped.filter(mail_state=MailState.PENDING).update(mail_state=MailState.CANCELLED, why=Why.STOPPED)
