"""The addresses of members' own calendars."""

import secrets

from django.db import transaction
from django.utils import timezone

from agenda.models import CalendarKey
from portal.accounts.models import User


@transaction.atomic
def renew_calendar(*, user: User) -> CalendarKey:
    """Give a member a new address for their calendar; the one before ends. For the member."""
    values = {"key": secrets.token_urlsafe(), "created_at": timezone.now()}
    key, _created = CalendarKey.objects.update_or_create(user=user, defaults=values)
    return key


@transaction.atomic
def end_calendar(*, user: User) -> None:
    """End the address of a member's calendar. For the member."""
    CalendarKey.objects.filter(user=user).delete()
