"""What the sheets bring to "Animation"."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.cockpit import declare
from project_sheets.review.selectors import waiting_count

declare("sheet_review:list", _("To approve"), order=10, count=waiting_count)
declare("sheet_calls:list", _("Calls for projects"), order=15)
declare("laureate_import:upload", _("Import laureates"), order=16)
declare("sheet_transfer:transfer", _("Take a sheet elsewhere"), order=17)
