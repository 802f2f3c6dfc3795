"""Reads of the ledger."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Max, Model, Q, QuerySet

from portal.accounts.models import User
from portal.accounts.rules import AnyUser
from portal.mail.models import AddressMark
from portal.notifications.follows import Followable, followable_of, followables
from portal.notifications.kinds import NotificationKind, Recipient, notification_kinds
from portal.notifications.models import Notification, Preference, Subscription


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


def followers_as_recipients(target: Model, *, reason: str = "") -> Iterator[Recipient]:
    """Yield who follows ``target``, with what each chose for this subscription; for an ``audience``."""
    rows = subscriptions_to(target).order_by("pk").values_list("user_id", "rhythm", "pk")
    for user_id, rhythm, pk in rows.iterator(chunk_size=1000):
        yield Recipient(user_id, reason, rhythm=rhythm, subscription_id=pk)


def preferences_of(user_ids: Collection[int]) -> dict[tuple[int, str], Preference]:
    """Return what these people chose, by person and kind."""
    return {(row.user_id, row.kind): row for row in Preference.objects.filter(user__in=user_ids)}


def unread_count(user: User) -> int:
    """Return how many notifications ``user`` has not opened."""
    return Notification.objects.of(user).unread().count()


@dataclass(frozen=True)
class GroupLine:
    """One group of the notification centre: its latest news, and how many there are."""

    latest: Notification
    count: int
    unread: int


def groups_of(user: User, *, only_unread: bool) -> QuerySet[Any, Any]:
    """Return the groups of a person's notifications as rows to paginate, the latest first."""
    rows = Notification.objects.of(user)
    if only_unread:
        rows = rows.unread()
    counted = (
        rows.order_by()
        .values("group")
        .annotate(latest=Max("pk"), count=Count("pk"), unread=Count("pk", filter=Q(read_at=None)))
    )
    return counted.order_by("-latest")


def lines_of(
    user: User, rows: Sequence[dict[str, Any]], *, only_unread: bool
) -> tuple[list[GroupLine], list[Notification]]:
    """Return the lines of one page of ``groups_of``, and the news that the person may not see any more.

    A group whose latest news is hidden shows its latest visible one. One query, and one for each kind
    that says what is ``visible``; as many again where something is hidden.
    """
    found = Notification.objects.select_related("event").in_bulk([row["latest"] for row in rows])
    lines = {row["group"]: GroupLine(found[row["latest"]], row["count"], row["unread"]) for row in rows}
    doubtful = [found[pk].group for pk in hidden_from(user, list(found.values()))]
    if not doubtful:
        return list(lines.values()), []
    told = Notification.objects.of(user).filter(group__in=doubtful)
    news = list((told.unread() if only_unread else told).select_related("event").order_by("-pk"))
    hidden = hidden_from(user, news)
    for group in doubtful:
        shown = [one for one in news if one.group == group and one.pk not in hidden]
        if shown:
            lines[group] = GroupLine(shown[0], len(shown), sum(one.read_at is None for one in shown))
        else:
            del lines[group]
    return list(lines.values()), [one for one in news if one.pk in hidden]


def hidden_from(user: User, notifications: Sequence[Notification]) -> set[int]:
    """Return the keys of those, read with their events, that ``user`` may not see any more.

    One query for each kind that says what is ``visible``.
    """
    by_kind: dict[str, list[Notification]] = {}
    for one in notifications:
        by_kind.setdefault(one.kind, []).append(one)
    hidden = set()
    for key, of_kind in by_kind.items():
        kind = notification_kinds.get(key) if key in notification_kinds else None
        if kind is not None and kind.visible is not None:
            wanted = kind.visible(user).filter(pk__in={one.event.object_id for one in of_kind})
            seen = {str(pk) for pk in wanted.values_list("pk", flat=True)}
            hidden |= {one.pk for one in of_kind if one.event.object_id not in seen}
    return hidden


@dataclass(frozen=True)
class SubscriptionLine:
    """Something that a person follows; without ``target`` it is not shown to them any more."""

    subscription: Subscription
    label: str
    target: Model | None
    url: str


def subscription_lines(user: User, subscriptions: Sequence[Subscription]) -> list[SubscriptionLine]:
    """Return what these subscriptions follow; one query for each kind of thing among them."""
    by_type: dict[int, list[Subscription]] = {}
    for one in subscriptions:
        by_type.setdefault(one.content_type_id, []).append(one)
    targets: dict[tuple[int, str], tuple[Followable, Model]] = {}
    for type_id, of_type in by_type.items():
        content_type = ContentType.objects.get_for_id(type_id)
        label = f"{content_type.app_label}.{content_type.model}"
        if label in followables:
            followable = followables.get(label)
            for target in followable.visible(user).filter(pk__in=[one.object_id for one in of_type]):
                targets[type_id, str(target.pk)] = followable, target
    lines = []
    for one in subscriptions:
        found = targets.get((one.content_type_id, one.object_id))
        lines.append(
            SubscriptionLine(one, str(found[0].label), found[1], found[0].url(found[1]))
            if found
            else SubscriptionLine(one, "", None, "")
        )
    return lines


@dataclass(frozen=True)
class KindGroup:
    """The kinds of one app, for the page of preferences."""

    label: str
    kinds: tuple[NotificationKind, ...]


def kinds_by_app(user: User) -> list[KindGroup]:
    """Return the kinds about which ``user`` chooses, under the name of the app that declares them."""
    found: dict[str, list[NotificationKind]] = {}
    for kind in notification_kinds:
        if not kind.mandatory and (kind.concerns is None or kind.concerns(user)):
            config = apps.get_containing_app_config(kind.telling.__module__)
            found.setdefault(str(config.verbose_name) if config else "", []).append(kind)
    return [KindGroup(label, tuple(kinds)) for label, kinds in found.items()]


def mark_of(user: User) -> AddressMark | None:
    """Return the mark that keeps mails from a person's address, if any."""
    return AddressMark.objects.filter(address=user.email.lower()).exclude(marked_at=None).first()
