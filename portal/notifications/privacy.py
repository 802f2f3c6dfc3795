"""What the ledger holds of people."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.personal_data import OnErasure, Person, declare, declare_cleaning
from portal.notifications.models import Notification

declare(
    "notifications.Event",
    owner="actor",
    purpose=_("Acts of yours of which others were told"),
    fields=("kind", "created_at"),
    on_erasure=OnErasure.ANONYMISE,
)
declare(
    "notifications.Notification",
    owner="user",
    purpose=_("What you were told, and why"),
    fields=("title", "reason", "created_at", "read_at", "rhythm", "mail_state"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "notifications.Subscription",
    owner="user",
    purpose=_("What you follow"),
    fields=("because", "rhythm", "created_at"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "notifications.Preference",
    owner="user",
    purpose=_("Your choices of notifications"),
    fields=("kind", "on_site", "rhythm"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "notifications.MailSettings",
    owner="user",
    purpose=_("Your settings of e-mails"),
    fields=("quiet_from", "quiet_until", "paused_until", "receives_daily", "receives_weekly"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "notifications.Digest",
    owner="user",
    purpose=_("Summaries that were sent to you"),
    fields=("rhythm", "period", "item_count", "created_at"),
    on_erasure=OnErasure.DELETE,
)


def _forget_told_acts(person: Person) -> None:
    """Take back what others were told of the acts of ``person``: titles may hold a name."""
    Notification.objects.filter(event__actor=person.account.pk).delete()


declare_cleaning("told acts", _forget_told_acts)
