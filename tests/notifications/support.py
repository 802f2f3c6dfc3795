"""What the tests of notifications do again and again."""

from datetime import datetime, timedelta
from itertools import count

from django.utils import timezone

from portal.accounts.models import User
from portal.notifications.enums import MailState
from portal.notifications.fan_out import fan_out_due
from portal.notifications.mailing import send_due
from portal.notifications.models import Notification
from portal.notifications.services import follow, record_event
from portal.taxonomy.models import Theme
from tests.factories import ThemeFactory

_keys = count()


def happen(kind: str = "tests.now", *users: User, theme: Theme | None = None, **data: object) -> Notification:
    """Have something happen to a theme that ``users`` follow; returns the last decision about it."""
    theme = theme or ThemeFactory()
    for user in users:
        follow(user=user, target=theme)
    record_event(kind, about=theme, key=str(next(_keys)), data=data)
    fan_out_due()
    return Notification.objects.latest("pk")


def is_due(*rows: Notification) -> None:
    """Let the delay of these mails be over."""
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mail_due_at=timezone.now())


def tomorrow() -> datetime:
    """Return tomorrow at ten o'clock, when the summary of what was told until now is due."""
    return timezone.localtime().replace(hour=10) + timedelta(days=1)


def tell_now() -> int:
    """Do what workers do within a minute: tell what happened, write the mails at once; returns how many."""
    fan_out_due()
    Notification.objects.filter(rhythm="now", mail_state=MailState.PENDING).update(mail_due_at=timezone.now())
    return send_due()
