"""What people do themselves: register, confirm, take an offered place, withdraw."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from agenda.enums import LIVE_STATES, Attending
from agenda.enums import RegistrationState as State
from agenda.models import Guest, Registration, Session
from agenda.services import mailing
from agenda.services.places.seats import (
    PlaceRefused,
    check_open,
    check_takes_place,
    locked,
    locked_registration,
    log,
    promote,
    seat,
    take,
    turn_of,
)
from portal.accounts.models import User
from portal.accounts.selectors import account_by_email


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
    check_open(held, wish.attending)
    guest = None if applicant.user else _guest_of(applicant.email)
    known = _live_of(held, user=applicant.user, guest=guest)
    if known is not None:
        if guest is not None:
            # A guest learns of it by mail alone: the page must not tell who comes.
            mailing.tell_participant("already", known, turn=f"{timezone.now():%Y%m%d%H}")
        return known
    registration = _wished(held, applicant, wish, guest)
    if guest is None:
        return seat(held, registration, actor=applicant.user)
    registration.save()
    log(registration, actor=applicant.registered_by)
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


@transaction.atomic
def confirm_address(*, registration: Registration) -> Registration:
    """Give the guest who opened the link of the mail what there is: a place, or a rank; safe to repeat.

    An address that is a member's makes it that member's registration. Raises PlaceRefused where
    registration has closed meanwhile.
    """
    fresh = locked_registration(registration)
    if fresh.state != State.UNCONFIRMED:
        return fresh
    check_open(fresh.session, fresh.attending)
    account = account_by_email(fresh.guest.email) if fresh.guest else None
    if account is not None and account.is_member:
        fresh.user, fresh.guest = account, None
    known = _live_of(fresh.session, user=fresh.user, guest=fresh.guest)
    if known is not None:
        return known
    return seat(fresh.session, fresh, actor=fresh.user)


@transaction.atomic
def accept_offer(*, registration: Registration) -> Registration:
    """Confirm the place that came free; a registration in another state stays as it is.

    Raises PlaceRefused for a date that is called off.
    """
    fresh = locked_registration(registration)
    if fresh.state == State.OFFERED:
        check_takes_place(fresh)
        fresh.state, fresh.offer_expires_at = State.CONFIRMED, None
        fresh.save(update_fields=["state", "offer_expires_at"])
        log(fresh, actor=fresh.user)
        mailing.tell_state(fresh, turn=turn_of(fresh))
    return fresh


@transaction.atomic
def cancel(*, registration: Registration, actor: User | None, reason: str = "", told: bool = True) -> Registration:
    """End a registration and give its place to the next; safe to call again.

    ``told`` False where the person learns of it otherwise. An unconfirmed wish is ended as well.
    Raises PlaceRefused once the date is over: who was there stays written.
    """
    fresh = locked_registration(registration)
    if not fresh.is_live and fresh.state != State.UNCONFIRMED:
        return fresh
    if fresh.session.occurrence.is_over:
        raise PlaceRefused("over")
    was_live, was_seated = fresh.is_live, fresh.is_seated
    fresh.state, fresh.cancelled_at, fresh.offer_expires_at = State.CANCELLED, timezone.now(), None
    fresh.save(update_fields=["state", "cancelled_at", "offer_expires_at"])
    log(fresh, actor=actor, reason=reason)
    if told and was_live:
        mailing.tell_cancelled(fresh, turn=turn_of(fresh), was_seated=was_seated, reason=reason)
    mailing.cancel_reminders(fresh)
    if was_seated:
        take(fresh.session, fresh.attending, -1)
        promote(fresh.session, fresh.attending)
    return fresh
