"""What the review of sheets tells people."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.kinds import NotificationKind, declare

declare(
    NotificationKind(
        key="sheet.submitted",
        label=_("A sheet waits for review"),
        reason=_("You animate the region of this sheet."),
    )
)
declare(
    NotificationKind(
        key="sheet.approved",
        label=_("A sheet is published"),
        reason=_("You submitted this sheet."),
    )
)
declare(
    NotificationKind(
        key="sheet.rejected",
        label=_("A sheet needs changes"),
        reason=_("You submitted this sheet."),
    )
)
