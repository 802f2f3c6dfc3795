"""Putting the first steps away."""

from django.db import transaction

from portal.accounts.models import User
from portal.joining.models import DismissedSteps


@transaction.atomic
def set_steps_dismissed(*, user: User, is_dismissed: bool) -> None:
    """Take the first steps off the home page of ``user``, or bring them back; only they may call this."""
    if is_dismissed:
        DismissedSteps.objects.get_or_create(user=user)
    else:
        DismissedSteps.objects.filter(user=user).delete()
