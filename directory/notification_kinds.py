"""What people may follow of the directory."""

from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from portal.notifications.follows import declare_followable

declare_followable(
    "directory.Organisation",
    label=_("Organisation"),
    visible=Organisation.objects.visible_to,
    url=Organisation.get_absolute_url,
)
