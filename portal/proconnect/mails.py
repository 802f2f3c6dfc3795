"""Mails of ProConnect."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.mail.kinds import declare


def _sample() -> dict[str, Any]:
    return {"first_name": "Référente", "is_linked": True}


declare(
    "proconnect.identity",
    subject=_("ProConnect and your account"),
    action=_("See the security of my account"),
    reason=_("What protects your account has changed."),
    sample=_sample,
)
