"""What readers may report of the directory."""

from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from directory.selectors import region_id_of
from portal.moderation.reports import declare_reportable

declare_reportable(
    "directory.Organisation",
    label=_("Page of an organisation"),
    visible=Organisation.objects.visible_to,
    url=Organisation.get_absolute_url,
    region_id=region_id_of,
)
