"""Writes of announcements; animators of the region, or administrators, may call them."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.mail.services import queue_mail
from portal.notifications.announcements.enums import State
from portal.notifications.announcements.models import Announcement
from portal.notifications.announcements.selectors import people_of
from portal.notifications.mailing import absolute
from portal.notifications.services import record_event
from portal.notifications.tokens import Scope, unsubscribe_path

KIND = "announcements.announcement"
MAIL = "announcements.newsletter"


class AlreadySentError(Exception):
    """The announcement has left: nothing of it changes any more."""


def link_path(announcement: Announcement) -> str:
    """Return the path that counts a visit and leads on."""
    return reverse("announcements:link", args=[announcement.uid])


@transaction.atomic
def send_announcement(*, announcement: Announcement) -> Announcement:
    """Let an announcement leave now: the worker tells its people. Called twice, it leaves once."""
    locked = Announcement.objects.select_for_update().get(pk=announcement.pk)
    if locked.is_sent:
        return locked
    locked.state, locked.sent_at, locked.scheduled_at = State.SENT, timezone.now(), None
    locked.recipient_count = people_of(locked).count()
    locked.save(update_fields=["state", "sent_at", "scheduled_at", "recipient_count"])
    record_event(KIND, about=locked, key=str(locked.uid), actor=locked.author)
    return locked


def schedule_announcement(*, announcement: Announcement, at: datetime) -> None:
    """Have an announcement leave at a moment to come; raises AlreadySentError where it has left."""
    _change(announcement, state=State.SCHEDULED, scheduled_at=at)


def unschedule_announcement(*, announcement: Announcement) -> None:
    """Make a scheduled announcement a draft again; raises AlreadySentError where it has left."""
    _change(announcement, state=State.DRAFT, scheduled_at=None)


def _change(announcement: Announcement, **values: object) -> None:
    unsent = Announcement.objects.filter(pk=announcement.pk).exclude(state=State.SENT)
    if not unsent.update(**values):
        raise AlreadySentError


def send_scheduled(*, now: datetime | None = None) -> int:
    """Let the scheduled announcements whose moment has come leave; returns how many. Scheduled work."""
    due = Announcement.objects.filter(state=State.SCHEDULED, scheduled_at__lte=now or timezone.now())
    return len([send_announcement(announcement=announcement) for announcement in due])


def send_test(*, announcement: Announcement, user: User) -> None:
    """Mail an announcement to the one who writes it, as its people will receive it."""
    queue_mail(
        MAIL,
        to=user.email,
        key=f"announcement:test:{announcement.pk}:{uuid4().hex}",
        context={"subject": announcement.title, "text": announcement.body, "reason": reason_of(announcement)},
        url=absolute(link_path(announcement)),
        unsubscribe_url=absolute(unsubscribe_path(user, Scope("kind", KIND))),
    )


def reason_of(announcement: Announcement) -> str:
    """Return why its people receive it."""
    if announcement.region is None:
        return _("You are a member of %(portal)s: its team writes to you.") % {"portal": settings.PORTAL_NAME}
    return _("You are a member of the community in %(region)s: its team writes to you.") % {
        "region": announcement.region.name
    }


def count_visit(*, announcement: Announcement) -> None:
    """Count that somebody followed the link; who it was is not known."""
    Announcement.objects.filter(pk=announcement.pk).update(visit_count=F("visit_count") + 1)


def delete_draft(*, announcement: Announcement) -> None:
    """Delete an announcement that has not left; raises AlreadySentError where it has."""
    deleted, _by_model = Announcement.objects.filter(pk=announcement.pk).exclude(state=State.SENT).delete()
    if not deleted:
        raise AlreadySentError
