"""What joining does by itself."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.core.schedule import declare

declare(
    "joining.forget_old_requests",
    every=timedelta(days=1),
    run="portal.joining.services.retention.forget_old_requests",
    verbose_name=_("Forget unconfirmed registrations, refused people and old invitations"),
)
