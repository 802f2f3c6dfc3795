"""The mails of the ledger: news at once, steps that cannot be switched off, summaries."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.mail.enums import MailCategory
from portal.mail.kinds import declare


def _sample_news() -> dict[str, Any]:
    return {
        "subject": _("A person answered “Childcare on odd hours”"),
        "text": "",
        "group_title": _("Childcare on odd hours"),
        "items": [],
        "reason": _("You asked this question."),
    }


def _sample_summary() -> dict[str, Any]:
    first = {"title": _("“Childcare on odd hours”: 3 news"), "url": ""}
    return {
        "count": 4,
        "rest": 0,
        "sections": [
            {"reason": _("You follow the theme Childcare."), "items": [first]},
            {"reason": _("You follow this sheet."), "items": [{"title": _("“The example” is up to date"), "url": ""}]},
        ],
    }


declare(
    "notifications.news",
    subject="%(subject)s",
    action=_("Read on the portal"),
    reason="%(reason)s",
    sample=_sample_news,
    category=MailCategory.NOTIFICATION,
)
declare(
    "notifications.step",
    subject="%(subject)s",
    action=_("Read on the portal"),
    reason="%(reason)s",
    sample=_sample_news,
)
declare(
    "notifications.daily",
    subject=_("Your summary of the day (%(count)d)"),
    action=_("See all my notifications"),
    reason=_("You chose to receive what you follow once a day."),
    sample=_sample_summary,
    category=MailCategory.DIGEST,
)
declare(
    "notifications.weekly",
    subject=_("Your summary of the week (%(count)d)"),
    action=_("See all my notifications"),
    reason=_("You receive what you follow once a week."),
    sample=_sample_summary,
    category=MailCategory.DIGEST,
)
