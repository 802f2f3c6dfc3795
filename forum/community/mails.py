"""The mails of the forum beside its notifications."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.mail.kinds import declare


def _sample() -> dict[str, Any]:
    return {"outcome": "empty", "title": _("Medical interpreting: who pays?")}


declare(
    "community_forum.reply_refused",
    subject=_("Your answer was not published"),
    action=_("Answer on the site"),
    reason=_("You answered a discussion by e-mail."),
    sample=_sample,
)
