"""What readers may report in the agenda."""

from django.utils.translation import gettext_lazy as _

from agenda.models import Event
from portal.moderation.reports import declare_reportable

declare_reportable(
    "agenda.Event",
    label=_("Event"),
    visible=Event.objects.visible_to,
    url=Event.get_absolute_url,
    region_id=lambda event: event.region_id,
)
