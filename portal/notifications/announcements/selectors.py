"""Reads of announcements."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q, QuerySet

from portal.accounts.models import User
from portal.accounts.rules import AnyUser, animates
from portal.mail.enums import MARKED, OPEN_STATUSES, MailStatus
from portal.mail.models import OutboxMessage
from portal.notifications.announcements.audiences import criteria_in_order, recipients
from portal.notifications.announcements.models import Announcement
from portal.notifications.enums import DIGEST_RHYTHMS, MailState, Why
from portal.notifications.models import Notification


@dataclass(frozen=True)
class Figures:
    """What became of an announcement: numbers alone, nobody's name."""

    told: int
    mailed: int
    waiting: int
    failed: int
    in_summaries: int
    unsubscribed: int
    visits: int


def announcements_for(user: AnyUser) -> QuerySet[Announcement]:
    """Return the announcements that ``user`` handles, with what their list shows."""
    return Announcement.objects.visible_to(user).select_related("author", "region")


def people_of(announcement: Announcement) -> QuerySet[User]:
    """Return the members to whom an announcement goes, as things stand; its author is told nothing."""
    found = recipients(announcement.criteria, region_id=announcement.region_id)
    return found.exclude(pk=announcement.author_id) if announcement.author_id else found


def group_of(announcement: Announcement) -> str:
    """Return the group under which the ledger tells an announcement."""
    return f"announcement:{announcement.pk}"


def criteria_of(announcement: Announcement, user: User) -> list[tuple[str, str]]:
    """Return the criteria of an announcement in words: label, and what was chosen."""
    chosen = [(one, announcement.criteria[one.key]) for one in criteria_in_order() if one.key in announcement.criteria]
    return [(str(one.label), dict(one.options(user)).get(value, value)) for one, value in chosen]


def notifications_of(announcement: Announcement) -> QuerySet[Notification]:
    """Return the decisions that an announcement led to."""
    return Notification.objects.filter(
        event__content_type=ContentType.objects.get_for_model(Announcement), event__object_id=str(announcement.pk)
    )


def figures_of(announcement: Announcement) -> Figures:
    """Count what became of an announcement; two queries."""
    told = notifications_of(announcement)
    counted = told.aggregate(
        told=Count("pk"),
        summaries=Count("pk", filter=Q(rhythm__in=DIGEST_RHYTHMS)),
        unsubscribed=Count("pk", filter=Q(unsubscribed_at__isnull=False)),
        addresses=Count("pk", filter=Q(why=Why.ADDRESS)),
    )
    others = Q(mail_key="") | Q(mail_state=MailState.PENDING) | Q(rhythm__in=DIGEST_RHYTHMS)
    keys = told.exclude(others).values("mail_key")
    mails = OutboxMessage.objects.filter(key__in=keys).aggregate(
        sent=Count("pk", filter=Q(status=MailStatus.SENT)),
        # What was read on the site before, or is not wanted any more, did not fail.
        failed=Count("pk", filter=Q(status=MailStatus.DEAD) | Q(last_error__startswith=MARKED)),
        waiting=Count("pk", filter=Q(status__in=OPEN_STATUSES)),
    )
    return Figures(
        told=counted["told"],
        mailed=mails["sent"],
        waiting=mails["waiting"],
        failed=mails["failed"] + counted["addresses"],
        in_summaries=counted["summaries"],
        unsubscribed=counted["unsubscribed"],
        visits=announcement.visit_count,
    )


def readable_announcement(user: User, announcement: Announcement) -> bool:
    """Whether ``user`` may read it: somebody it was sent to, or who animates its region."""
    if animates(user, announcement.region_id):
        return True
    return announcement.is_sent and notifications_of(announcement).filter(user=user).exists()
