"""What joining brings to "Animation"."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.cockpit import declare
from portal.joining.selectors import awaiting_count

declare("joining:accounts", _("Accounts to approve"), order=20, count=awaiting_count)
declare("joining:invitations", _("Invitations"), order=25)
