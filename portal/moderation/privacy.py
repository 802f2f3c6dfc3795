"""Personal data of moderation."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.personal_data import OnErasure, declare

declare(
    "moderation.Report",
    owner="reporter",
    purpose=_("What you reported to the team"),
    fields=("title", "reason", "message", "created_at", "state", "decided_at", "decision"),
    on_erasure=OnErasure.ANONYMISE,
    emptied={"message": ""},
)
