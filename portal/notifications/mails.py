"""The mails of the ledger: news at once, steps that cannot be switched off, summaries."""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.mail.enums import MailCategory
from portal.mail.kinds import declare
from portal.notifications.enums import Rhythm


def _sample_news() -> dict[str, Any]:
    return {
        "subject": _("A person answered “Childcare on odd hours”"),
        "text": "",
        "group_title": _("Childcare on odd hours"),
        "items": [],
        "reason": _("You asked this question."),
    }


def _sample_summary(rhythm: str) -> dict[str, Any]:
    first = {"title": _("“Childcare on odd hours”: 3 news"), "url": ""}
    return {
        "subject": {
            Rhythm.DAILY: _("Your summary of the day: 4 news"),
            Rhythm.WEEKLY: _("Your summary of the week: 4 news"),
        }[Rhythm(rhythm)],
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
    subject="%(subject)s",
    action=_("See all my notifications"),
    reason=_("You chose to receive what you follow once a day."),
    sample=partial(_sample_summary, Rhythm.DAILY),
    category=MailCategory.DIGEST,
)
declare(
    "notifications.weekly",
    subject="%(subject)s",
    action=_("See all my notifications"),
    reason=_("You receive what you follow once a week."),
    sample=partial(_sample_summary, Rhythm.WEEKLY),
    category=MailCategory.DIGEST,
)
