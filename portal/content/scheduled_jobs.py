"""What comes back by itself in the editorial content."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.content.services import delete_old_messages, follow_contact_messages
from portal.core.schedule import declare

declare(
    "content.follow_contact",
    every=timedelta(minutes=2),
    run=follow_contact_messages,
    verbose_name=_("Note which contact messages have left"),
)
declare(
    "content.forget_contact",
    every=timedelta(days=1),
    run=delete_old_messages,
    verbose_name=_("Delete old contact messages"),
)
