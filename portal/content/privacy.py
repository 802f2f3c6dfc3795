"""Personal data of the editorial content."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.personal_data import OnErasure, declare

declare(
    "content.ContactMessage",
    owner="email",
    by_email=True,
    purpose=_("Messages that you sent with the contact form"),
    fields=("subject", "name", "email", "organisation", "message", "created_at", "status"),
    on_erasure=OnErasure.DELETE,
)
