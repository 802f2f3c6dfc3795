"""Reads of the ledger."""

from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet

from portal.accounts.models import User
from portal.accounts.rules import AnyUser
from portal.notifications.follows import followable_of
from portal.notifications.kinds import Recipient
from portal.notifications.models import Notification, Subscription


def subscriptions_to(target: Model) -> QuerySet[Subscription]:
    """Return who follows ``target``; a page is the same thing as its more specific model."""
    return Subscription.objects.filter(content_type=content_type_of(target), object_id=str(target.pk))


def content_type_of(target: Model) -> ContentType:
    """Return the type under which ``target`` is noted: the declared followable model, or its own."""
    try:
        app_label, model = followable_of(target).model.split(".")
    except KeyError:
        return ContentType.objects.get_for_model(target)
    return ContentType.objects.get_by_natural_key(app_label, model)


def is_following(user: AnyUser, target: Model) -> bool:
    """Whether ``user`` follows ``target``."""
    return user.is_authenticated and subscriptions_to(target).filter(user=user).exists()


def follower_ids(target: Model) -> set[int]:
    """Return the ids of the accounts that follow ``target``."""
    return set(subscriptions_to(target).values_list("user_id", flat=True))


def followers_as_recipients(target: Model, *, reason: str = "") -> Iterator[Recipient]:
    """Yield who follows ``target``, with what each chose for this subscription; for an ``audience``."""
    rows = subscriptions_to(target).order_by("pk").values_list("user_id", "rhythm", "pk")
    for user_id, rhythm, pk in rows.iterator(chunk_size=1000):
        yield Recipient(user_id, reason, rhythm=rhythm, subscription_id=pk)


def unread_count(user: User) -> int:
    """Return how many notifications ``user`` has not opened."""
    return Notification.objects.of(user).unread().count()
