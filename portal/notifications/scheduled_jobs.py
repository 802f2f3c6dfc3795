"""Summaries, and what the ledger forgets."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.core.schedule import declare
from portal.notifications.digests import send_digests
from portal.notifications.services import forget_old

declare(
    "notifications.digests",
    every=timedelta(minutes=5),
    run=send_digests,
    verbose_name=_("Write the summaries of the day and of the week"),
)
declare("notifications.forget", every=timedelta(days=1), run=forget_old, verbose_name=_("Forget old notifications"))
