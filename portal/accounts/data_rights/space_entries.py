"""What the data rights bring to "My space"."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.space import declare

declare(
    "data_rights:overview",
    _("My data"),
    order=900,
    description=_("What the portal holds of you, a copy to take away, and how to leave."),
)
