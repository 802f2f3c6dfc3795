"""What announcements hold of people."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.personal_data import OnErasure, declare

declare(
    "announcements.Announcement",
    owner="author",
    purpose=_("Announcements that you wrote"),
    fields=("title", "body", "created_at", "sent_at"),
    on_erasure=OnErasure.ANONYMISE,
)
