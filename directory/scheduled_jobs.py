"""What the directory does by itself."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.core.schedule import declare

declare(
    "directory.ask_to_confirm",
    every=timedelta(days=1),
    run="directory.freshness.services.ask_to_confirm",
    verbose_name=_("Ask the managers of organisations to confirm old pages"),
)
declare(
    "directory.find_duplicates",
    every=timedelta(days=1),
    run="directory.duplicates.detection.find_duplicates",
    verbose_name=_("Look for organisations that are perhaps the same"),
)
declare(
    "directory.forget",
    every=timedelta(days=1),
    run="directory.housekeeping.forget_what_has_served",
    verbose_name=_("Delete old messages to organisations and imported files"),
)
