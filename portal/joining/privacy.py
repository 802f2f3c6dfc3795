"""Personal data of joining."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.personal_data import OnErasure, declare, declare_role

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
# What one did with the wishes and invitations of others: without their names and addresses.
declare_role(
    "joining.Registration",
    owner="decided_by",
    purpose=_("Requests to join that you decided"),
    fields=("region", "state", "decided_at"),
    on_erasure=OnErasure.ANONYMISE,
)
declare_role(
    "joining.Invitation",
    owner="invited_by",
    purpose=_("Invitations that you sent"),
    fields=("organisation", "role", "sent_at", "expires_at", "revoked_at", "accepted_at"),
    on_erasure=OnErasure.ANONYMISE,
)
# It may have come to an address that is no longer theirs.
declare_role(
    "joining.Invitation",
    owner="accepted_by",
    purpose=_("Invitations that you accepted"),
    fields=("email", "first_name", "last_name", "organisation", "role", "sent_at", "accepted_at"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "joining.DismissedSteps",
    owner="user",
    purpose=_("Your first steps, put away"),
    fields=("dismissed_at",),
    on_erasure=OnErasure.DELETE,
)
