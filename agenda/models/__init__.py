"""Events, their dates, and who comes."""

from agenda.models.dates import Occurrence, OccurrenceQuerySet, Session, Subject
from agenda.models.events import (
    Contribution,
    Event,
    EventDocument,
    EventQuerySet,
    Invitee,
    Organiser,
    Question,
    SessionPlan,
)
from agenda.models.registrations import (
    CalendarKey,
    Feedback,
    Guest,
    Registration,
    RegistrationLog,
    RegistrationQuerySet,
    Reminder,
)

__all__ = [
    "CalendarKey",
    "Contribution",
    "Event",
    "EventDocument",
    "EventQuerySet",
    "Feedback",
    "Guest",
    "Invitee",
    "Occurrence",
    "OccurrenceQuerySet",
    "Organiser",
    "Question",
    "Registration",
    "RegistrationLog",
    "RegistrationQuerySet",
    "Reminder",
    "Session",
    "SessionPlan",
    "Subject",
]
