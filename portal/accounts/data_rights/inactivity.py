"""Accounts that nobody uses any more: two warnings, then emptied.

Two years after the last sign-in, as the national authority advises for accounts that their owners
have left (CNIL, guide on retention periods). Whoever signs in starts again from nothing.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from portal.accounts.data_rights.erasure import erase_account
from portal.accounts.data_rights.models import Departure, InactivityNotice, last_seen
from portal.accounts.data_rights.selectors import obstacles_of
from portal.accounts.models import User
from portal.accounts.rules import is_animator
from portal.core.addresses import absolute_of
from portal.core.dates import format_day
from portal.mail.services import queue_mail

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=730)
FIRST_WARNING = timedelta(days=60)
SECOND_WARNING = timedelta(days=15)


def follow_inactivity() -> dict[str, int]:
    """Warn or empty the accounts that nobody uses; returns how many of each.

    Run every day. Each account goes by its own transaction, and the delays after a warning hold
    even when the job has not run for long: nobody is emptied sooner than 15 days after the second.
    """
    done = {"first": 0, "second": 0, "erased": 0}
    failures: list[Exception] = []
    limit = timezone.now() - KEPT_FOR + FIRST_WARNING
    idle = User.objects.filter(is_active=True, departure=None).annotate(seen=Coalesce("last_login", "date_joined"))
    for pk in list(idle.filter(seen__lte=limit).order_by("pk").values_list("pk", flat=True)):
        try:
            if step := _follow(pk):
                done[step] += 1
        except Exception as error:
            # One account must not stop the policy for all the others; the job shows as failed at the end.
            logger.exception("account %s could not be followed", pk)
            failures.append(error)
    _forget_notices()
    if failures:
        raise failures[0]
    return done


@transaction.atomic
def _follow(pk: int) -> str:
    """Take the next step for one account; returns its name, empty when it is not yet time."""
    user, now = User.objects.select_for_update().get(pk=pk), timezone.now()
    seen = last_seen(user)
    notice = InactivityNotice.objects.filter(user=user, counted_from=seen).first()
    if notice is None:
        InactivityNotice.objects.update_or_create(
            user=user, defaults={"counted_from": seen, "first_at": now, "second_at": None}
        )
        _warn(user, seen, "first", max(seen + KEPT_FOR, now + FIRST_WARNING))
        return "first"
    if notice.second_at is None:
        if now < max(seen + KEPT_FOR, notice.first_at + FIRST_WARNING) - SECOND_WARNING:
            return ""
        notice.second_at = now
        notice.save(update_fields=["second_at"])
        _warn(user, seen, "second", max(seen + KEPT_FOR, now + SECOND_WARNING))
        return "second"
    if now < max(seen + KEPT_FOR, notice.second_at + SECOND_WARNING):
        return ""
    return _leave(user, seen)


def _leave(user: User, seen: datetime) -> str:
    """Empty the account, unless it runs the portal or is the last to look after something."""
    if is_animator(user):
        return ""
    if obstacles_of(user):
        queue_mail(
            "data_rights.inactive_but_needed",
            to=settings.CONTACT_EMAIL,
            key=f"inactive-needed:{user.pk}:{seen:%Y%m%d}",
            context={"name": str(user)},
        )
        return ""
    erase_account(user=user, reason=Departure.Reason.INACTIVE)
    return "erased"


def _warn(user: User, seen: datetime, step: str, day: datetime) -> None:
    """Write to the person; whoever animates is told that the account should be closed, not that it will be."""
    kind = "inactive_animator" if is_animator(user) else f"inactive_{step}"
    queue_mail(
        f"data_rights.{kind}",
        to=user.email,
        key=f"inactive:{user.pk}:{seen:%Y%m%d}:{step}",
        context={"day": format_day(timezone.localdate(day))},
        url=absolute_of("account_login"),
    )


def _forget_notices() -> None:
    """Drop the warnings of those who have signed in since."""
    for notice in InactivityNotice.objects.select_related("user"):
        if last_seen(notice.user) != notice.counted_from:
            notice.delete()
