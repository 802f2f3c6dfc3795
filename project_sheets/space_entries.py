"""What the sheets bring to "My space"."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import is_member
from portal.accounts.space import declare

declare(
    "sheet_editing:list",
    _("My sheets"),
    order=50,
    is_shown=is_member,
    description=_("The sheets of your projects: write them, propose them, keep them right."),
)
