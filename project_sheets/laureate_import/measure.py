"""How many people may be invited by imports: a bound of the person and the day, however many files they send."""

from datetime import timedelta

from django.utils import timezone

from portal.accounts.models import User
from portal.joining.enums import ANIMATOR_A_DAY
from portal.joining.models import Invitation
from project_sheets.models import SheetInvitation

#: The same as for invitations to join: whoever is invited to a sheet may have to join first.
PEOPLE_A_DAY = ANIMATOR_A_DAY


def invited_lately(inviter: User) -> set[str]:
    """Return the addresses that ``inviter`` has invited in the last 24 hours, to join or to look after a sheet."""
    since = timezone.now() - timedelta(hours=24)
    to_sheets = SheetInvitation.objects.filter(invited_by=inviter, created_at__gt=since)
    to_join = Invitation.objects.filter(invited_by=inviter, sent_at__gt=since)
    return {email for rows in (to_sheets, to_join) for email in rows.order_by().values_list("email", flat=True)}


def has_room(inviter: User, email: str) -> bool:
    """Whether ``inviter`` may invite ``email`` today; imports of one person at the same moment wait for each other."""
    User.objects.select_for_update().get(pk=inviter.pk)
    invited = invited_lately(inviter)
    return email in invited or len(invited) < PEOPLE_A_DAY
