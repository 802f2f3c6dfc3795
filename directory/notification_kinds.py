"""What people may follow of the directory: organisations and members."""

from django.utils.translation import gettext_lazy as _

from directory.models import Organisation, Profile
from portal.notifications.follows import declare_followable

declare_followable(
    "directory.Organisation",
    label=_("Organisation"),
    visible=Organisation.objects.visible_to,
    url=Organisation.get_absolute_url,
)
declare_followable(
    "directory.Profile",
    label=_("Member"),
    visible=Profile.objects.visible_to,
    url=Profile.get_absolute_url,
)
