"""What comes back by itself in moderation."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.core.schedule import declare
from portal.moderation.services import forget_old_reports

declare(
    "moderation.forget_reports",
    every=timedelta(days=1),
    run=forget_old_reports,
    verbose_name=_("Delete old reports"),
)
