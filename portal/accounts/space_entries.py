"""What accounts bring to "My space"."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.space import declare

declare("accounts:space", _("Overview"), order=0)
declare(
    "accounts:security",
    _("Security"),
    order=90,
    description=_("Password, second factor, connected devices, e-mail address."),
)
