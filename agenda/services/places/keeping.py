"""What organisers do: decide, change the number of places, take a date up again, note who came."""

from django.db import transaction
from django.utils import timezone

from agenda.enums import SEATED_STATES, Attendance, Attending
from agenda.enums import RegistrationState as State
from agenda.models import Registration, Session
from agenda.services import mailing
from agenda.services.places.seats import (
    CapacityBelowTaken,
    check_takes_place,
    locked,
    locked_registration,
    log,
    offer,
    promote,
    seat,
    turn_of,
)
from portal.accounts.models import User


@transaction.atomic
def decide(*, registration: Registration, actor: User, approve: bool, reason: str = "") -> Registration:
    """Approve or refuse somebody who waits for it; another state stays as it is. For the event's organisers.

    An approved person goes to the waiting list where no place is left. Raises PlaceRefused where
    there is no such list, and for a date that is called off.
    """
    fresh = locked_registration(registration)
    if fresh.state != State.PENDING:
        return fresh
    if approve:
        check_takes_place(fresh)
        return seat(fresh.session, fresh, actor=actor, approved=True)
    fresh.state = State.REJECTED
    fresh.save(update_fields=["state"])
    log(fresh, actor=actor, reason=reason)
    mailing.tell_state(fresh, turn=turn_of(fresh), reason=reason)
    return fresh


@transaction.atomic
def change_capacity(*, session: Session, onsite: int | None, online: int | None) -> Session:
    """Give a session other numbers of places; those who wait come in at once. For its organisers.

    Raises CapacityBelowTaken for fewer places than are taken: nobody is put out by a form.
    """
    held = locked(session.pk)
    for attending, capacity in ((Attending.ON_SITE, onsite), (Attending.ONLINE, online)):
        if capacity is not None and capacity < held.taken(attending):
            raise CapacityBelowTaken(attending, held.taken(attending))
    held.capacity_onsite, held.capacity_online = onsite, online
    held.save(update_fields=["capacity_onsite", "capacity_online"])
    for way in Attending.values:
        promote(held, way)
    return held


@transaction.atomic
def take_up_again(*, session: Session) -> None:
    """Go on with the places of a date that takes place after all: offers begin anew, those who wait come in.

    For the services of dates.
    """
    held, now = locked(session.pk), timezone.now()
    if held.occurrence.is_cancelled or held.starts_at is None or held.starts_at <= now:
        return
    offered = Registration.objects.filter(session=held, state=State.OFFERED).select_related("user", "guest")
    for registration in offered:
        registration.session = held
        offer(registration, now)
        registration.save()
        log(registration, actor=None)
        mailing.tell_state(registration, turn=turn_of(registration))
    for attending in Attending.values:
        promote(held, attending)


@transaction.atomic
def note_attendance(*, registration: Registration, attendance: str, actor: User) -> Registration:
    """Note whether somebody expected came; the first arrival keeps its time. For the event's organisers."""
    fresh = locked_registration(registration)
    if fresh.state not in SEATED_STATES:
        return fresh
    fresh.attendance = Attendance(attendance)
    if fresh.attendance == Attendance.PRESENT:
        fresh.state, fresh.offer_expires_at = State.CONFIRMED, None
        fresh.checked_in_at = fresh.checked_in_at or timezone.now()
    else:
        fresh.checked_in_at = None
    fresh.save(update_fields=["attendance", "checked_in_at", "state", "offer_expires_at"])
    log(fresh, actor=actor, reason=f"attendance: {fresh.attendance or 'none'}")
    return fresh
