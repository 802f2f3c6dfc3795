"""Personal data of the directory."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.personal_data import OnErasure, declare

declare(
    "directory.Membership",
    owner="user",
    purpose=_("Your place in organisations"),
    fields=("organisation", "role", "joined_at", "left_at"),
    on_erasure=OnErasure.DELETE,
)
