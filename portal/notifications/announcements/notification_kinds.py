"""Announcements are told as everything else is: once a person, as each chose."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.notifications.announcements.models import Announcement
from portal.notifications.announcements.selectors import group_of, people_of
from portal.notifications.announcements.services import KIND, MAIL, link_path, reason_of
from portal.notifications.enums import Rhythm
from portal.notifications.kinds import NotificationKind, Recipient, Telling, declare
from portal.notifications.models import Event


def _audience(event: Event) -> Iterator[Recipient]:
    announcement: Announcement = event.about
    reason = reason_of(announcement)
    for pk in people_of(announcement).values_list("pk", flat=True).iterator(chunk_size=1000):
        yield Recipient(pk, reason)


def _telling(event: Event, user: User) -> Telling | None:
    announcement: Announcement = event.about
    if announcement is None or not announcement.is_sent:
        return None
    return Telling(
        announcement.title,
        announcement.get_absolute_url(),
        group_of(announcement),
        text=announcement.body,
        mail_url=link_path(announcement),
    )


declare(
    NotificationKind(
        key=KIND,
        label=_("Announcements of the team"),
        reason=_("You are a member of the community."),
        audience=_audience,
        telling=_telling,
        default=Rhythm.NOW,
        mail=MAIL,
    )
)
