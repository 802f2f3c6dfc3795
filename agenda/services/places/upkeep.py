"""What time does: offers that nobody took, wishes that nobody confirmed."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from agenda.enums import EventStatus, OccurrenceStatus
from agenda.enums import RegistrationState as State
from agenda.models import Registration
from agenda.services import mailing
from agenda.services.places.seats import locked_registration, log, promote, take, turn_of


def expire_offers(*, now: datetime | None = None) -> int:
    """End the offers whose time is over, each in its own transaction; returns how many. A scheduled job.

    Those of a date that is called off wait with it: they begin anew if it takes place after all.
    """
    over = Registration.objects.filter(state=State.OFFERED, offer_expires_at__lte=now or timezone.now())
    over = over.filter(session__occurrence__status=OccurrenceStatus.SCHEDULED)
    over = over.exclude(session__occurrence__event__status=EventStatus.CANCELLED)
    return sum(_expire(pk, now or timezone.now()) for pk in list(over.values_list("pk", flat=True)))


@transaction.atomic
def _expire(pk: int, now: datetime) -> bool:
    fresh = locked_registration(Registration.objects.get(pk=pk))
    if fresh.state != State.OFFERED or fresh.offer_expires_at is None or fresh.offer_expires_at > now:
        return False
    fresh.state, fresh.cancelled_at, fresh.offer_expires_at = State.CANCELLED, now, None
    fresh.save(update_fields=["state", "cancelled_at", "offer_expires_at"])
    log(fresh, actor=None, reason="offer not answered")
    mailing.tell_participant("offer_over", fresh, turn=turn_of(fresh))
    take(fresh.session, fresh.attending, -1)
    promote(fresh.session, fresh.attending)
    return True


def forget_unconfirmed(*, now: datetime | None = None) -> int:
    """Delete the wishes whose link nobody opened in time; returns how many. A scheduled job."""
    before = (now or timezone.now()) - Registration.CONFIRMATION
    old = Registration.objects.filter(state=State.UNCONFIRMED, created_at__lt=before)
    return sum(_forget(pk) for pk in list(old.values_list("pk", flat=True)))


@transaction.atomic
def _forget(pk: int) -> bool:
    """Delete one wish, unless its link was opened meanwhile."""
    found = Registration.objects.filter(pk=pk).first()
    fresh = locked_registration(found) if found is not None else None
    if fresh is None or fresh.state != State.UNCONFIRMED:
        return False
    fresh.delete()
    return True
