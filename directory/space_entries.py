"""What the directory brings to "My space"."""

from django.utils.translation import gettext_lazy as _

from directory.models import Membership
from portal.accounts.models import User
from portal.accounts.space import declare


def _acts_for_somebody(user: User) -> bool:
    return Membership.objects.active().filter(user=user).exists()


declare(
    "my_directory:profile",
    _("My profile"),
    order=100,
    description=_("Who you are, what you do, and who reads it."),
)
declare(
    "my_directory:organisations",
    _("My organisation"),
    order=200,
    is_shown=_acts_for_somebody,
    description=_("Its members and their roles."),
)
