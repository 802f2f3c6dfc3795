"""The agenda: who comes, who decided on it, who is invited."""

from agenda.models import CalendarKey, Event, Feedback, Guest, Invitee, Registration, RegistrationLog
from agenda.services.places import Applicant, Wish, register
from portal.accounts.models import User
from tests.accounts.data_rights.records.base import MARKER, Makers
from tests.factories.agenda import EventFactory, RegistrationFactory, make_session


def _registration(user: User) -> Registration:
    session = make_session(capacity=1)
    registration = register(session=session, applicant=Applicant(user=user), wish=Wish(answers={"regime": MARKER}))
    # Why somebody cancels may say a lot of them.
    RegistrationLog.objects.create(registration=registration, state=registration.state, reason=MARKER)
    return registration


def _guest(user: User) -> Guest:
    applicant = Applicant(email=user.email.upper(), full_name=MARKER, organisation_name=MARKER)
    wish = Wish(answers={"regime": MARKER})
    return register(session=make_session(), applicant=applicant, wish=wish).guest


def _event(user: User) -> Event:
    return EventFactory(created_by=user, contact_email=user.email.upper())


MAKERS: Makers = {
    "agenda.CalendarKey": lambda user: CalendarKey.objects.create(user=user, key=MARKER),
    "agenda.Event": _event,
    "agenda.Feedback": lambda user: Feedback.objects.create(
        registration=RegistrationFactory(user=user, state="cancelled"), rating=4, liked="Les échanges."
    ),
    "agenda.Guest": _guest,
    "agenda.Invitee": lambda user: Invitee.objects.create(event=EventFactory(), email=user.email.upper()),
    "agenda.Registration": _registration,
    "agenda.RegistrationLog": lambda user: RegistrationLog.objects.create(
        registration=RegistrationFactory(), actor=user, state="confirmed"
    ),
}
