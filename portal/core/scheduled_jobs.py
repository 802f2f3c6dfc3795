"""Housekeeping of the platform."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.core.housekeeping import clear_sessions, prune_tasks
from portal.core.schedule import declare

declare("core.clear_sessions", every=timedelta(days=1), run=clear_sessions, verbose_name=_("Delete ended sessions"))
declare("core.prune_tasks", every=timedelta(days=1), run=prune_tasks, verbose_name=_("Delete old finished tasks"))
