"""What the forum brings to "My space"."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.space import declare


def _is_admitted(user: User) -> bool:
    return user.is_member


declare(
    "community_forum:mine",
    _("My discussions"),
    order=40,
    is_shown=_is_admitted,
    description=_("What you asked, what you follow and what you have not read."),
)
declare(
    "community_forum:offer",
    _("Answering others"),
    order=45,
    is_shown=_is_admitted,
    description=_("Offer to be asked what nobody has answered, twice a week at most."),
)
