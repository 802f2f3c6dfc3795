"""Notifications and mails."""

from django.contrib.contenttypes.models import ContentType

from portal.accounts.models import User
from portal.mail.models import AddressMark, OutboxMessage
from portal.notifications.announcements.models import Announcement
from portal.notifications.models import Digest, Event, MailSettings, Notification, Preference, Subscription
from tests.accounts.data_rights.records.base import MARKER, Makers
from tests.factories import UserFactory


def _mail(user: User, number: str = "1") -> OutboxMessage:
    texts = dict.fromkeys(("subject", "text", "html"), f"Bonjour {MARKER} {user.email}")
    return OutboxMessage.objects.create(
        key=f"mail:{number}", kind="x.y", category="account", to=user.email, message_id=f"<{number}@x>", **texts
    )


def _event(user: User) -> Event:
    kind = ContentType.objects.get_for_model(User)
    return Event.objects.create(kind="x.y", key=str(user.pk), content_type=kind, object_id="1", actor=user)


MAKERS: Makers = {
    "announcements.Announcement": lambda user: Announcement.objects.create(
        author=user, title="Une date", body="Inscrivez-vous."
    ),
    "mail.OutboxMessage": _mail,
    "mail.AddressMark": lambda user: AddressMark.objects.create(
        address=user.email.lower(), reason="bounce", detail=MARKER
    ),
    "notifications.Digest": lambda user: Digest.objects.create(
        user=user, rhythm="weekly", period="2026-W11", item_count=1
    ),
    "notifications.Event": _event,
    "notifications.MailSettings": lambda user: MailSettings.objects.create(user=user),
    "notifications.Notification": lambda user: Notification.objects.create(
        event=_event(UserFactory()), user=user, kind="x.y", title=MARKER, reason=MARKER, rhythm="now"
    ),
    "notifications.Preference": lambda user: Preference.objects.create(user=user, kind="x.y", rhythm="now"),
    "notifications.Subscription": lambda user: Subscription.objects.create(
        user=user, content_type=ContentType.objects.get_for_model(User), object_id="1", because=MARKER
    ),
}
