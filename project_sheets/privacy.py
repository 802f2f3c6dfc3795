"""Personal data of the project sheets."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.personal_data import OnErasure, declare

declare(
    "project_sheets.SheetLead",
    owner="user",
    purpose=_("Sheets that you look after"),
    fields=("sheet", "added_at"),
    on_erasure=OnErasure.DELETE,
)
