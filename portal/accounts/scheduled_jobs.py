"""Housekeeping of accounts."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.accounts.security.services import forget_old_traces
from portal.core.schedule import declare

declare(
    "accounts.traces",
    every=timedelta(days=1),
    run=forget_old_traces,
    verbose_name=_("Forget ended sessions, unused devices and old changes of address"),
)
