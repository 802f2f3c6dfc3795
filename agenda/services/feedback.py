"""Opinions of those who came."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from agenda.enums import Attendance, EventStatus, OccurrenceStatus, RegistrationState
from agenda.links import absolute_url, registration_token
from agenda.models import Feedback, Occurrence, Registration
from agenda.services.mailing import one_a_person, tell_participant

#: Opinions are asked for on the day after; never about something older than this.
ASKED_WITHIN = timedelta(days=7)


@transaction.atomic
def give_feedback(*, registration: Registration, rating: int, liked: str, to_improve: str) -> Feedback:
    """Note the opinion of somebody who came, once; the first one stays. For the participant."""
    feedback, _created = Feedback.objects.get_or_create(
        registration=registration, defaults={"rating": rating, "liked": liked, "to_improve": to_improve}
    )
    return feedback


def ask_for_feedback() -> int:
    """Ask those who came for their opinion, once for a person and a date; returns how many. A scheduled job."""
    now = timezone.now()
    over = Occurrence.objects.filter(
        ends_at__lt=now - timedelta(hours=12),
        ends_at__gte=now - ASKED_WITHIN,
        feedback_asked_at=None,
        status=OccurrenceStatus.SCHEDULED,
        event__status=EventStatus.PUBLISHED,
    )
    return sum(_ask(pk) for pk in list(over.values_list("pk", flat=True)))


@transaction.atomic
def _ask(pk: int) -> int:
    occurrence = Occurrence.objects.select_for_update(of=("self",)).get(pk=pk)
    if occurrence.feedback_asked_at is not None:
        return 0
    occurrence.feedback_asked_at = timezone.now()
    occurrence.save(update_fields=["feedback_asked_at"])
    came = Registration.objects.filter(session__occurrence=occurrence, state=RegistrationState.CONFIRMED)
    related = ("user", "guest", "session__plan", "session__occurrence__event")
    came = came.exclude(attendance=Attendance.ABSENT).select_related(*related).order_by("session__starts_at", "pk")
    # Of two parts of a day, the one where the person was seen speaks for both.
    found = one_a_person(sorted(came, key=lambda one: one.attendance != Attendance.PRESENT))
    for registration, *_others in found:
        token = registration_token(registration.uid, registration.link_key)
        tell_participant("feedback", registration, turn="1", url=absolute_url("agenda:feedback", token))
    return len(found)
