"""What the data rights do by themselves, day after day."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.accounts.data_rights import inactivity, services, tasks
from portal.core.schedule import declare

declare(
    "data_rights.erasures",
    every=timedelta(hours=1),
    run=tasks.erase_due_accounts,
    verbose_name=_("Departures whose delay is over"),
)
declare(
    "data_rights.exports",
    every=timedelta(hours=6),
    run=services.forget_old_exports,
    verbose_name=_("Data exports whose time is over"),
)
declare(
    "data_rights.inactivity",
    every=timedelta(days=1),
    run=inactivity.follow_inactivity,
    verbose_name=_("Accounts that nobody uses"),
)
