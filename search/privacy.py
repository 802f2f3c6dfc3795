"""What search holds of people: the searches that they keep. Questions without a result hold nobody."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.personal_data import OnErasure, declare

declare(
    "search.SavedSearch",
    owner="user",
    purpose=_("Searches that you keep"),
    fields=("text", "chosen", "alerts", "created_at"),
    on_erasure=OnErasure.DELETE,
)
