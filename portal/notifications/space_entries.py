"""What notifications bring to "My space"."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import is_member
from portal.accounts.space import declare

declare(
    "notifications:subscriptions",
    _("My subscriptions"),
    order=60,
    is_shown=is_member,
    description=_("The themes, discussions and sheets that you follow."),
)
declare(
    "notifications:preferences",
    _("My e-mail preferences"),
    order=65,
    is_shown=is_member,
    description=_("What you are told, on the site or by e-mail, and when."),
)
