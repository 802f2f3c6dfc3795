"""The mails of the data rights."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.mail.kinds import declare

ASKED_BY_YOU = _("You asked for it on the portal.")
HAS_ACCOUNT = _("You have an account on the portal.")


def _no_context() -> dict[str, Any]:
    return {}


def _day() -> dict[str, Any]:
    return {"day": "12 mars 2027"}


def _export() -> dict[str, Any]:
    return {"days": 7}


def _needed() -> dict[str, Any]:
    return {"name": "Responsable de structure"}


declare(
    "data_rights.export_ready",
    subject=_("Your copy of your data is ready"),
    action=_("Open “My data”"),
    reason=ASKED_BY_YOU,
    sample=_export,
)
declare(
    "data_rights.erasure_planned",
    subject=_("Your account will be deleted on %(day)s"),
    action=_("I have changed my mind"),
    reason=ASKED_BY_YOU,
    sample=_day,
)
declare(
    "data_rights.erasure_waits",
    subject=_("Your account cannot be deleted yet"),
    action=_("See what is missing"),
    reason=ASKED_BY_YOU,
    sample=_no_context,
)
for step in ("first", "second"):
    declare(
        f"data_rights.inactive_{step}",
        subject=_("Do you want to keep your account?"),
        action=_("Sign in to keep it"),
        reason=HAS_ACCOUNT,
        sample=_day,
    )
declare(
    "data_rights.inactive_animator",
    subject=_("Do you still need your account?"),
    action=_("Sign in"),
    reason=HAS_ACCOUNT,
    sample=_day,
)
declare(
    "data_rights.inactive_but_needed",
    subject=_("An inactive account is still needed"),
    reason=_("You receive the messages of the portal’s team."),
    sample=_needed,
)
