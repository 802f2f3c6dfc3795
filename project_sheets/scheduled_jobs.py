"""What the sheets do by themselves."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.core.schedule import declare

declare(
    "sheets.publish_planned",
    every=timedelta(minutes=1),
    run="project_sheets.review.planned.publish_planned_sheets",
    verbose_name=_("Publish the sheets whose time has come"),
)
declare(
    "sheets.ask_whether_still_true",
    every=timedelta(days=1),
    run="project_sheets.living.services.remind_of_stale_sheets",
    verbose_name=_("Ask whether old sheets are still right"),
)
declare(
    "sheets.forget_old_imports",
    every=timedelta(days=1),
    run="project_sheets.laureate_import.services.forget_old_imports",
    verbose_name=_("Forget the lists of laureates that nobody has confirmed"),
)
declare(
    "sheets.forget_addresses",
    every=timedelta(days=1),
    run="project_sheets.living.services.forget_addresses",
    verbose_name=_("Forget the addresses of visitors who proposed corrections"),
)
