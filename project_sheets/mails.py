"""The mails about sheets: none of them leads into the admin."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.mail.enums import MailCategory
from portal.mail.kinds import declare

LOOKS_AFTER = _("You look after this sheet, or submitted it.")
ANIMATES = _("You animate the region of this sheet.")


def _sample() -> dict[str, Any]:
    now: datetime = timezone.now()
    return {
        "title": _("Platform of the example"),
        "who": _("Référente Exemple"),
        "organisation": _("Mission locale of the example"),
        "inviter": _("Référente Exemple"),
        "note": _("The budget of this year is new."),
        "reason": _("The budget lacks the part of the region."),
        "text": _("The telephone number has changed."),
        "answer": _("Thank you, it is corrected."),
        "is_update": True,
        "is_accepted": True,
        "hands_over": False,
        "day": now + timedelta(days=7),
    }


def _sample_still_true() -> dict[str, Any]:
    return {"text": _("One click confirms it, without signing in. If something has changed, update it.")}


declare(
    "project_sheets.to_review",
    subject=_("Sheet to review: %(title)s"),
    action=_("Read the sheet"),
    reason=ANIMATES,
    sample=_sample,
)
declare(
    "project_sheets.published",
    subject=_("Your sheet is online"),
    action=_("See the sheet"),
    reason=LOOKS_AFTER,
    sample=_sample,
)
declare(
    "project_sheets.scheduled",
    subject=_("Your sheet is accepted"),
    action=_("Open my sheet"),
    reason=LOOKS_AFTER,
    sample=_sample,
)
declare(
    "project_sheets.called_off",
    subject=_("Your sheet: its publication is called off"),
    action=_("Open my sheet"),
    reason=LOOKS_AFTER,
    sample=_sample,
)
declare(
    "project_sheets.changes_asked",
    subject=_("Your sheet: changes are asked for"),
    action=_("Change my sheet"),
    reason=LOOKS_AFTER,
    sample=_sample,
)
declare(
    "project_sheets.refused",
    subject=_("Your sheet is not published"),
    action=_("Open my sheet"),
    reason=LOOKS_AFTER,
    sample=_sample,
)
declare(
    "project_sheets.archived",
    subject=_("Your sheet is archived"),
    action=_("Open my sheet"),
    reason=LOOKS_AFTER,
    sample=_sample,
)
declare(
    "project_sheets.invitation",
    subject=_("Will you look after a sheet?"),
    action=_("Read the invitation"),
    reason=_("Somebody who looks after this sheet gave your address."),
    sample=_sample,
)
declare(
    "project_sheets.still_true",
    subject=_("Your sheet: is it still right?"),
    action=_("Confirm or update"),
    reason=_("You look after this sheet. You receive this at most once in thirty days."),
    sample=_sample_still_true,
    category=MailCategory.NOTIFICATION,
)
declare(
    "project_sheets.correction",
    subject=_("A reader proposes a correction"),
    action=_("Read the correction"),
    reason=_("You look after this sheet, or animate the region of a sheet that nobody looks after."),
    sample=_sample,
)
declare(
    "project_sheets.correction_answered",
    subject=_("Your correction has an answer"),
    action=_("See the sheet"),
    reason=_("You proposed a correction of this sheet and asked for an answer."),
    sample=_sample,
)
