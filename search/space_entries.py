"""What search brings to "My space"."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.rules import is_member
from portal.accounts.space import declare


def _is_member(user: User) -> bool:
    return is_member(user)


declare(
    "search:saved",
    _("My searches"),
    order=600,
    is_shown=_is_member,
    description=_("The searches that you keep, and what is new for them."),
)
