"""What ProConnect brings to "Animation"."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.cockpit import declare
from portal.accounts.models import User
from portal.accounts.rules import is_animator
from portal.proconnect.selectors import is_open


def _is_shown(user: User) -> bool:
    return is_open() and is_animator(user)


declare("proconnect:domains", _("Trusted domains"), order=26, is_shown=_is_shown)
