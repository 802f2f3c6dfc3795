"""What the agenda brings to "Animation"."""

from django.utils.translation import gettext_lazy as _

from agenda.selectors.desk import prepares_events, submitted_count
from portal.accounts.cockpit import declare

declare("agenda_desk:events", _("Events"), order=30, is_shown=prepares_events, count=submitted_count)
