"""The mail of an announcement."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.mail.enums import MailCategory
from portal.mail.kinds import declare
from portal.notifications.announcements.services import MAIL


def _sample() -> dict[str, Any]:
    return {
        "subject": _("Session Lab on 12 March: come and propose a topic"),
        "text": _("The morning is open to all.\n\n- 9 o’clock: welcome;\n- 10 o’clock: workshops."),
        "reason": _("You are a member of the community: its team writes to you."),
    }


declare(
    MAIL,
    subject="%(subject)s",
    action=_("Learn more"),
    reason="%(reason)s",
    sample=_sample,
    category=MailCategory.NOTIFICATION,
)
