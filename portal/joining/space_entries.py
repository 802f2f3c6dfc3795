"""What joining brings to "My space"."""

from django.utils.translation import gettext_lazy as _

from directory import own_actions
from portal.accounts.rules import is_animator, is_member
from portal.accounts.space import declare
from portal.joining.selectors import Desk

declare(
    "joining:first_steps",
    _("First steps"),
    order=15,
    is_shown=is_member,
    description=_("Five steps to be found and known in the community."),
)
declare(
    "joining:structure_invitations",
    _("Invitations of my organisation"),
    order=35,
    is_shown=lambda user: Desk(user, is_animation=False).is_open,
    description=_("Invite your colleagues, one by one or from a list."),
)
declare(
    "joining:accounts",
    _("Accounts to approve"),
    order=90,
    is_shown=is_animator,
    description=_("The people who ask to join your region."),
)
declare(
    "joining:invitations",
    _("Invitations"),
    order=91,
    is_shown=is_animator,
    description=_("Invite people to the community, one by one or from a list."),
)
own_actions.declare(
    "joining:structure_invitations",
    _("Invite a colleague"),
    is_shown=own_actions.is_manager,
)
