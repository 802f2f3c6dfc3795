"""The acts of moderation itself in the journal."""

from django.utils.translation import gettext_lazy as _

from portal.moderation.enums import ReportState
from portal.moderation.journal import declare_action
from portal.moderation.undelivered.services import REPLAYED

declare_action(f"moderation.{ReportState.UPHELD}", _("Report upheld"))
declare_action(f"moderation.{ReportState.DISMISSED}", _("Report closed without follow-up"))
declare_action(REPLAYED, _("E-mail sent again"))
