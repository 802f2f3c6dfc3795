"""The only way to a place: every function here holds the row of the session until its transaction ends.

Measured with 200 registrations at once for 20 places: counting and then inserting confirmed up to
118 of them; holding the session's row confirmed 20 exactly. A place that comes free goes to the next
person on the waiting list in the same transaction, so that none stays idle and nobody jumps the queue.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from agenda.enums import (
    LIVE_STATES,
    SEATED_STATES,
    Attendance,
    Attending,
    EventStatus,
    OccurrenceStatus,
    RegistrationState,
)
from agenda.models import Guest, Registration, RegistrationLog, Session
from agenda.services import mailing
from portal.accounts.models import User
from portal.accounts.selectors import account_by_email

State = RegistrationState


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


@dataclass(frozen=True)
class Applicant:
    """Who registers: a member, or a guest with what they typed; ``registered_by`` did it for them."""

    user: User | None = None
    email: str = ""
    full_name: str = ""
    organisation_name: str = ""
    registered_by: User | None = None


@dataclass(frozen=True)
class Wish:
    """What they ask for; ``uid`` is that of the form, the same for a second click."""

    attending: str = Attending.ON_SITE
    answers: dict[str, Any] = field(default_factory=dict)
    uid: UUID = field(default_factory=uuid4)


def locked(session_id: int) -> Session:
    """Return the session with its row held until the end of the transaction."""
    related = Session.objects.select_for_update(of=("self",)).select_related("occurrence__event", "plan")
    return related.get(pk=session_id)


def _locked_registration(registration: Registration) -> Registration:
    """Hold the registration's session, then return the registration as it is now."""
    session = locked(registration.session_id)
    fresh = Registration.objects.select_related("user", "guest").get(pk=registration.pk)
    fresh.session = session
    return fresh


@transaction.atomic
def register(*, session: Session, applicant: Applicant, wish: Wish) -> Registration:
    """Register a member, or note the wish of a guest, whose address is then to be confirmed by mail.

    A second click, and a second form of the same person, return the first registration. Sends the
    mail that fits. Raises PlaceRefused. Who may ask for this session is the caller's question.
    """
    held = locked(session.pk)
    # Somebody else's identifier of a form opens nothing of theirs.
    whose = Q(user=applicant.user) if applicant.user else Q(guest__email__iexact=applicant.email.strip())
    same_form = Registration.objects.filter(whose, uid=wish.uid, session=held).select_related("user", "guest").first()
    if same_form is not None:
        same_form.session = held
        return same_form
    _check_open(held, wish.attending)
    guest = None if applicant.user else _guest_of(applicant.email)
    known = _live_of(held, user=applicant.user, guest=guest)
    if known is not None:
        if guest is not None:
            # A guest learns of it by mail alone: the page must not tell who comes.
            mailing.tell_participant("already", known, turn=f"{timezone.now():%Y%m%d%H}")
        return known
    registration = _wished(held, applicant, wish, guest)
    if guest is None:
        return _seat(held, registration, actor=applicant.user)
    registration.save()
    _log(registration, actor=applicant.registered_by)
    by = str(applicant.registered_by) if applicant.registered_by else ""
    mailing.tell_participant("confirm_address", registration, turn="1", by=by)
    return registration


def _wished(session: Session, applicant: Applicant, wish: Wish, guest: Guest | None) -> Registration:
    """Return the registration that is asked for, not saved yet."""
    return Registration(
        # A form that was sent for another session before: this is a new wish.
        uid=uuid4() if Registration.objects.filter(uid=wish.uid).exists() else wish.uid,
        session=session,
        user=applicant.user,
        guest=guest,
        full_name="" if applicant.user else applicant.full_name,
        organisation_name="" if applicant.user else applicant.organisation_name,
        registered_by=applicant.registered_by,
        attending=wish.attending,
        answers=wish.answers,
        state=State.UNCONFIRMED,
    )


def _guest_of(email: str) -> Guest:
    address = email.strip().lower()
    found = Guest.objects.filter(email__iexact=address).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Guest.objects.create(email=address)
    except IntegrityError:
        # Another session's form came in the same instant.
        return Guest.objects.get(email__iexact=address)


def _live_of(session: Session, *, user: User | None, guest: Guest | None) -> Registration | None:
    """Return the live registration of a person, or the wish that still waits for their link."""
    own = (
        Registration.objects.filter(session=session, user=user)
        if user
        else Registration.objects.filter(session=session, guest=guest)
    )
    found = own.filter(state__in=LIVE_STATES).select_related("user", "guest").first()
    if found is not None:
        found.session = session
    return found


def _check_open(session: Session, attending: str) -> None:
    if not session.is_open():
        raise PlaceRefused("closed")
    if attending not in session.ways:
        raise PlaceRefused("way")


def _check_takes_place(registration: Registration) -> None:
    """Refuse a place on a date that is called off: its mail would bring the date back into calendars."""
    if registration.session.occurrence.is_cancelled:
        raise PlaceRefused("off")


@transaction.atomic
def confirm_address(*, registration: Registration) -> Registration:
    """Give the guest who opened the link of the mail what there is: a place, or a rank; safe to repeat.

    An address that is a member's makes it that member's registration. Raises PlaceRefused where
    registration has closed meanwhile.
    """
    fresh = _locked_registration(registration)
    if fresh.state != State.UNCONFIRMED:
        return fresh
    _check_open(fresh.session, fresh.attending)
    account = account_by_email(fresh.guest.email) if fresh.guest else None
    if account is not None and account.is_member:
        fresh.user, fresh.guest = account, None
    known = _live_of(fresh.session, user=fresh.user, guest=fresh.guest)
    if known is not None:
        return known
    return _seat(fresh.session, fresh, actor=fresh.user)


def _seat(session: Session, registration: Registration, *, actor: User | None, approved: bool = False) -> Registration:
    """Decide on a wish, the session being held: to be approved, a place, the waiting list."""
    event = session.occurrence.event
    attending = registration.attending
    if event.needs_approval and not approved:
        registration.state = State.PENDING
    elif not session.is_full(attending) and not _is_waited_for(session, attending):
        registration.state = State.CONFIRMED
        _take(session, attending, 1)
    elif event.has_waiting_list:
        session.last_queue_number += 1
        session.save(update_fields=["last_queue_number"])
        registration.state, registration.queue_number = State.WAITING, session.last_queue_number
    else:
        raise PlaceRefused("full")
    registration.save()
    _log(registration, actor=actor)
    mailing.tell_state(registration, turn=_turn(registration))
    if registration.state == State.PENDING:
        mailing.tell_organisers_of_pending(registration)
    return registration


def _is_waited_for(session: Session, attending: str) -> bool:
    return _waiting(session, attending).exists()


def _waiting(session: Session, attending: str) -> Any:
    waiting = Registration.objects.filter(session=session, attending=attending, state=State.WAITING)
    return waiting.order_by("queue_number")


def _take(session: Session, attending: str, places: int) -> None:
    """Count places taken (or given back, with -1); the row is held."""
    before = session.taken(attending)
    name = "taken_onsite" if attending == Attending.ON_SITE else "taken_online"
    setattr(session, name, before + places)
    session.save(update_fields=[name])
    if places > 0:
        mailing.tell_organisers_of_filling(session, attending, before)


def _log(registration: Registration, *, actor: User | None, reason: str = "") -> None:
    RegistrationLog.objects.create(
        registration=registration, actor=actor, state=registration.state, reason=reason[:300]
    )


def _turn(registration: Registration) -> str:
    """Return what tells the mails of one registration apart: how often it has changed."""
    return str(registration.logs.count())


def _promote(session: Session, attending: str) -> None:
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
        _offer(registration, now)
        _take(session, attending, 1)
        registration.save()
        _log(registration, actor=None)
        mailing.tell_state(registration, turn=_turn(registration))


def _offer(registration: Registration, now: datetime) -> None:
    expires_at = now + Registration.OFFER
    registration.offered_at = now
    if registration.session.starts_at is not None and expires_at < registration.session.starts_at:
        registration.state, registration.offer_expires_at = State.OFFERED, expires_at
    else:
        registration.state, registration.offer_expires_at = State.CONFIRMED, None


@transaction.atomic
def accept_offer(*, registration: Registration) -> Registration:
    """Confirm the place that came free; a registration in another state stays as it is.

    Raises PlaceRefused for a date that is called off.
    """
    fresh = _locked_registration(registration)
    if fresh.state == State.OFFERED:
        _check_takes_place(fresh)
        fresh.state, fresh.offer_expires_at = State.CONFIRMED, None
        fresh.save(update_fields=["state", "offer_expires_at"])
        _log(fresh, actor=fresh.user)
        mailing.tell_state(fresh, turn=_turn(fresh))
    return fresh


@transaction.atomic
def cancel(*, registration: Registration, actor: User | None, reason: str = "", told: bool = True) -> Registration:
    """End a registration and give its place to the next; safe to call again.

    ``told`` False where the person learns of it otherwise. An unconfirmed wish is ended as well.
    Raises PlaceRefused once the date is over: who was there stays written.
    """
    fresh = _locked_registration(registration)
    if not fresh.is_live and fresh.state != State.UNCONFIRMED:
        return fresh
    if fresh.session.occurrence.is_over:
        raise PlaceRefused("over")
    was_live, was_seated = fresh.is_live, fresh.is_seated
    fresh.state, fresh.cancelled_at, fresh.offer_expires_at = State.CANCELLED, timezone.now(), None
    fresh.save(update_fields=["state", "cancelled_at", "offer_expires_at"])
    _log(fresh, actor=actor, reason=reason)
    if told and was_live:
        mailing.tell_cancelled(fresh, turn=_turn(fresh), was_seated=was_seated, reason=reason)
    mailing.cancel_reminders(fresh)
    if was_seated:
        _take(fresh.session, fresh.attending, -1)
        _promote(fresh.session, fresh.attending)
    return fresh


@transaction.atomic
def decide(*, registration: Registration, actor: User, approve: bool, reason: str = "") -> Registration:
    """Approve or refuse somebody who waits for it; another state stays as it is. For the event's organisers.

    An approved person goes to the waiting list where no place is left. Raises PlaceRefused where
    there is no such list, and for a date that is called off.
    """
    fresh = _locked_registration(registration)
    if fresh.state != State.PENDING:
        return fresh
    if approve:
        _check_takes_place(fresh)
        return _seat(fresh.session, fresh, actor=actor, approved=True)
    fresh.state = State.REJECTED
    fresh.save(update_fields=["state"])
    _log(fresh, actor=actor, reason=reason)
    mailing.tell_state(fresh, turn=_turn(fresh), reason=reason)
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
    for attending in Attending.values:
        _promote(held, attending)
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
        _offer(registration, now)
        registration.save()
        _log(registration, actor=None)
        mailing.tell_state(registration, turn=_turn(registration))
    for attending in Attending.values:
        _promote(held, attending)


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
    fresh = _locked_registration(Registration.objects.get(pk=pk))
    if fresh.state != State.OFFERED or fresh.offer_expires_at is None or fresh.offer_expires_at > now:
        return False
    fresh.state, fresh.cancelled_at, fresh.offer_expires_at = State.CANCELLED, now, None
    fresh.save(update_fields=["state", "cancelled_at", "offer_expires_at"])
    _log(fresh, actor=None, reason="offer not answered")
    mailing.tell_participant("offer_over", fresh, turn=_turn(fresh))
    _take(fresh.session, fresh.attending, -1)
    _promote(fresh.session, fresh.attending)
    return True


def forget_unconfirmed(*, now: datetime | None = None) -> int:
    """Delete the wishes whose link nobody opened in time; returns how many. A scheduled job."""
    before = (now or timezone.now()) - Registration.CONFIRMATION
    _rows, deleted = Registration.objects.filter(state=State.UNCONFIRMED, created_at__lt=before).delete()
    return deleted.get("agenda.Registration", 0)


@transaction.atomic
def note_attendance(*, registration: Registration, attendance: str, actor: User) -> Registration:
    """Note whether somebody expected came; the first arrival keeps its time. For the event's organisers."""
    fresh = _locked_registration(registration)
    if fresh.state not in SEATED_STATES:
        return fresh
    fresh.attendance = Attendance(attendance)
    if fresh.attendance == Attendance.PRESENT:
        fresh.state, fresh.offer_expires_at = State.CONFIRMED, None
        fresh.checked_in_at = fresh.checked_in_at or timezone.now()
    else:
        fresh.checked_in_at = None
    fresh.save(update_fields=["attendance", "checked_in_at", "state", "offer_expires_at"])
    _log(fresh, actor=actor, reason=f"attendance: {fresh.attendance or 'none'}")
    return fresh
