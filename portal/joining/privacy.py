"""Personal data of joining."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.personal_data import OnErasure, declare

declare(
    "joining.Registration",
    owner="user",
    purpose=_("Your request to join the community"),
    fields=(
        *("email", "first_name", "last_name", "job_title", "organisation", "proposed_name", "region", "message"),
        *("consented_at", "created_at", "confirmed_at", "state", "decided_at", "refusal_reason"),
    ),
    on_erasure=OnErasure.DELETE,
)
declare(
    "joining.Invitation",
    owner="email",
    purpose=_("Invitations that you received"),
    fields=("email", "first_name", "last_name", "organisation", "role", "sent_at", "expires_at", "accepted_at"),
    on_erasure=OnErasure.DELETE,
    by_email=True,
)
declare(
    "joining.DismissedSteps",
    owner="user",
    purpose=_("Your first steps, put away"),
    fields=("dismissed_at",),
    on_erasure=OnErasure.DELETE,
)
