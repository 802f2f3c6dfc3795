"""What is done with a session in hand: the lock, a place or a rank, the next who waits."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from agenda.enums import Attending
from agenda.enums import RegistrationState as State
from agenda.models import Registration, RegistrationLog, Session
from agenda.services import mailing
from portal.accounts.models import User


class PlaceRefused(Exception):
    """A place cannot be given or given back; ``code`` says why: closed, full, way, off, over."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CapacityBelowTaken(Exception):
    """The places are fewer than those taken; ``taken`` says how many are."""

    def __init__(self, attending: str, taken: int) -> None:
        super().__init__(attending)
        self.attending, self.taken = attending, taken


def locked(session_id: int) -> Session:
    """Return the session with its row held until the end of the transaction."""
    related = Session.objects.select_for_update(of=("self",)).select_related("occurrence__event", "plan")
    return related.get(pk=session_id)


def locked_registration(registration: Registration) -> Registration:
    """Hold the registration's session, then return the registration as it is now."""
    session = locked(registration.session_id)
    fresh = Registration.objects.select_related("user", "guest").get(pk=registration.pk)
    fresh.session = session
    return fresh


def check_open(session: Session, attending: str) -> None:
    """Refuse a wish outside the time of registration, or for a way to take part that has no place."""
    if not session.is_open():
        raise PlaceRefused("closed")
    if attending not in session.ways:
        raise PlaceRefused("way")


def check_takes_place(registration: Registration) -> None:
    """Refuse a place on a date that is called off: its mail would bring the date back into calendars."""
    if registration.session.occurrence.is_cancelled:
        raise PlaceRefused("off")


def seat(session: Session, registration: Registration, *, actor: User | None, approved: bool = False) -> Registration:
    """Decide on a wish, the session being held: to be approved, a place, the waiting list."""
    event = session.occurrence.event
    attending = registration.attending
    if event.needs_approval and not approved:
        registration.state = State.PENDING
    elif not session.is_full(attending) and not _is_waited_for(session, attending):
        registration.state = State.CONFIRMED
        take(session, attending, 1)
    elif event.has_waiting_list:
        session.last_queue_number += 1
        session.save(update_fields=["last_queue_number"])
        registration.state, registration.queue_number = State.WAITING, session.last_queue_number
    else:
        raise PlaceRefused("full")
    registration.save()
    log(registration, actor=actor)
    mailing.tell_state(registration, turn=turn_of(registration))
    if registration.state == State.PENDING:
        mailing.tell_organisers_of_pending(registration)
    return registration


def _is_waited_for(session: Session, attending: str) -> bool:
    return _waiting(session, attending).exists()


def _waiting(session: Session, attending: str) -> Any:
    waiting = Registration.objects.filter(session=session, attending=attending, state=State.WAITING)
    return waiting.order_by("queue_number")


def take(session: Session, attending: str, places: int) -> None:
    """Count places taken (or given back, with -1); the row is held."""
    before = session.taken(attending)
    name = "taken_onsite" if attending == Attending.ON_SITE else "taken_online"
    setattr(session, name, before + places)
    session.save(update_fields=[name])
    if places > 0:
        mailing.tell_organisers_of_filling(session, attending, before)


def log(registration: Registration, *, actor: User | None, reason: str = "") -> None:
    """Note a change that has just been made, with who made it; None is the portal itself."""
    RegistrationLog.objects.create(
        registration=registration, actor=actor, state=registration.state, reason=reason[:300]
    )


def turn_of(registration: Registration) -> str:
    """Return what tells the mails of one registration apart: how often it has changed."""
    return str(registration.logs.count())


def promote(session: Session, attending: str) -> None:
    """Give the places that are free to those who wait, in their order; the row is held.

    The place is offered for 24 hours. In the last 24 hours before it begins nobody can be asked any
    more: the place is theirs at once, and they may cancel it.
    """
    now = timezone.now()
    if session.occurrence.is_cancelled or session.starts_at is None or session.starts_at <= now:
        return
    for registration in _waiting(session, attending).select_related("user", "guest"):
        if session.is_full(attending):
            return
        registration.session = session
        offer(registration, now)
        take(session, attending, 1)
        registration.save()
        log(registration, actor=None)
        mailing.tell_state(registration, turn=turn_of(registration))


def offer(registration: Registration, now: datetime) -> None:
    """Keep a place for somebody who waited, for 24 hours where there are as many left; saved by the caller."""
    expires_at = now + Registration.OFFER
    registration.offered_at = now
    if registration.session.starts_at is not None and expires_at < registration.session.starts_at:
        registration.state, registration.offer_expires_at = State.OFFERED, expires_at
    else:
        registration.state, registration.offer_expires_at = State.CONFIRMED, None
