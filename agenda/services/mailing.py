"""What participants and organisers are written, each with what their calendar takes in."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from agenda.enums import Attending, RegistrationState
from agenda.ics import invitation
from agenda.links import absolute, absolute_url, registration_token
from agenda.models import Occurrence, Registration, Session
from agenda.selectors.people import organisers_to_tell
from agenda.wording import occurrence_when, place, session_title, session_when, spoken_moment
from portal.accounts.models import User
from portal.core.dates import format_day
from portal.mail.services import Attachment, cancel_mail, queue_mail

#: Shares of the places from which organisers are told, in per cent.
ALERTS = (80, 100)


def manage_url(registration: Registration) -> str:
    """Return the page where a participant sees and cancels a registration, without an account."""
    return absolute_url("agenda:registration", registration_token(registration.uid, registration.link_key))


def context_of(registration: Registration) -> dict[str, Any]:
    """Return what every mail about a registration may say."""
    session = registration.session
    occurrence = session.occurrence
    online = registration.attending == Attending.ONLINE
    return {
        "name": registration.full_name or (registration.user.first_name if registration.user else ""),
        "title": occurrence.shown_title,
        "session": session_title(session),
        "when": session_when(session),
        "place": place(occurrence, registration.attending),
        # The link of the conference goes to those who are expected, and to nobody else.
        "online_url": occurrence.shown_online_url if online and registration.is_confirmed else "",
        "page": absolute(occurrence.get_absolute_url()),
    }


def tell_participant(
    kind: str,
    registration: Registration,
    *,
    turn: str,
    url: str = "",
    with_invitation: bool = False,
    calls_off: bool = False,
    **extra: Any,
) -> None:
    """Queue one mail to a participant; ``turn`` tells apart two mails of one kind on one registration.

    ``with_invitation`` joins the date as calendars take it in, ``calls_off`` its cancellation.
    Nothing is sent to somebody who is forgotten.
    """
    if not registration.email:
        return
    attachments: tuple[Attachment, ...] = ()
    if (with_invitation or calls_off) and registration.session.starts_at is not None:
        method = "CANCEL" if calls_off else "REQUEST"
        content = invitation(registration, cancels=calls_off)
        attachments = (Attachment("invitation.ics", f"text/calendar; method={method}", content),)
    queue_mail(
        f"agenda.{kind}",
        to=registration.email,
        key=f"agenda:{kind}:{registration.uid.hex}:{turn}",
        context={**context_of(registration), **extra},
        url=url or manage_url(registration),
        reply_to=registration.session.occurrence.event.contact_email,
        attachments=attachments,
    )


def one_a_person(registrations: Iterable[Registration]) -> list[list[Registration]]:
    """Return the registrations by address, in the order given: who comes to both parts of a day gets one mail."""
    by_address: dict[str, list[Registration]] = {}
    for registration in registrations:
        if registration.email:
            by_address.setdefault(registration.email.lower(), []).append(registration)
    return list(by_address.values())


def tell_state(registration: Registration, *, turn: str, reason: str = "") -> None:
    """Tell a participant of the state that the registration now has."""
    state = RegistrationState(registration.state)
    if state == RegistrationState.CONFIRMED:
        tell_participant("confirmed", registration, turn=turn, with_invitation=True)
    elif state == RegistrationState.PENDING:
        tell_participant("pending", registration, turn=turn)
    elif state == RegistrationState.WAITING:
        tell_participant("waiting", registration, turn=turn, rank=waiting_rank(registration))
    elif state == RegistrationState.OFFERED:
        tell_participant("offered", registration, turn=turn, until=_moment(registration))
    elif state == RegistrationState.REJECTED:
        tell_participant("rejected", registration, turn=turn, cause=reason)


def tell_cancelled(registration: Registration, *, turn: str, was_seated: bool, reason: str = "") -> None:
    """Tell a participant that they come no more; a calendar that held the date forgets it."""
    tell_participant("cancelled", registration, turn=turn, calls_off=was_seated, cause=reason)


def _moment(registration: Registration) -> str:
    """Return until when an offered place is kept."""
    return spoken_moment(registration.offer_expires_at, registration.session.occurrence.event.timezone)


def waiting_rank(registration: Registration) -> int:
    """Return the place of somebody on the waiting list: 1 is the next to be called."""
    before = Registration.objects.filter(
        session=registration.session_id,
        attending=registration.attending,
        state=RegistrationState.WAITING,
        queue_number__lt=registration.queue_number or 0,
    )
    return before.count() + 1


def tell_organisers_of_pending(registration: Registration) -> None:
    """Tell the organisers that somebody waits for their answer: one mail for a session, until it is read."""
    session = registration.session
    for organiser in organisers_to_tell(session.occurrence.event):
        queue_mail(
            "agenda.to_approve",
            to=organiser.email,
            key=f"agenda:to-approve:{registration.uid.hex}:{organiser.pk}",
            context={**context_of(registration), "who": registration.shown_name},
            url=desk_url(session.occurrence),
        )


def tell_organisers_of_filling(session: Session, attending: str, before: int) -> None:
    """Tell the organisers once when a session passes 80 %, then 100 %, of its places."""
    capacity, taken = session.capacity(attending), session.taken(attending)
    if not capacity:
        return
    for share in ALERTS:
        if before * 100 < share * capacity <= taken * 100:
            for organiser in organisers_to_tell(session.occurrence.event):
                _tell_filling(session, attending, share, organiser)


def _tell_filling(session: Session, attending: str, share: int, organiser: User) -> None:
    queue_mail(
        "agenda.filling",
        to=organiser.email,
        key=f"agenda:filling:{session.uid.hex}:{attending}:{share}:{session.capacity(attending)}:{organiser.pk}",
        context={
            "session": session_title(session),
            "when": session_when(session),
            "share": share,
            "taken": session.taken(attending),
            "capacity": session.capacity(attending),
            "way": Attending(attending).label,
        },
        url=desk_url(session.occurrence),
    )


def desk_url(occurrence: Occurrence) -> str:
    """Return the organisers' page of a date."""
    return absolute(reverse("agenda_desk:occurrence", args=[occurrence.event.uid, occurrence.pk]))


def cancel_reminders(registration: Registration) -> None:
    """Withdraw reminders that have not left: who has cancelled is not reminded."""
    starts_at = registration.session.occurrence.starts_at
    if starts_at is not None:
        for days in (7, 1):
            cancel_mail(key=reminder_key(registration, days))


def reminder_key(registration: Registration, days: int) -> str:
    """Return the key of one reminder: one for a registration, an offset and a beginning."""
    starts_at = registration.session.starts_at
    moment = f"{starts_at:%Y%m%d%H%M}" if starts_at else ""
    return f"agenda:reminder:{registration.uid.hex}:{days}-{moment}"


def spoken_day(occurrence: Occurrence) -> str:
    """Return the day of a date for the subject of a mail."""
    return format_day(occurrence.local_day) if occurrence.local_day else occurrence_when(occurrence)
