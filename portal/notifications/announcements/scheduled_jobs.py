"""Announcements that leave at their hour."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.core.schedule import declare
from portal.notifications.announcements.services import send_scheduled

declare(
    "announcements.scheduled",
    every=timedelta(minutes=1),
    run=send_scheduled,
    verbose_name=_("Send scheduled announcements"),
)
