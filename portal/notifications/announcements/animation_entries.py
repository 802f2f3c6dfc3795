"""What announcements bring to "Animation"."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.cockpit import declare

declare("announcements:index", _("Announcements"), order=60)
