"""Reminders, seven days and one day before."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from agenda.enums import EventStatus, OccurrenceStatus, RegistrationState
from agenda.models import Occurrence, Registration, Reminder
from agenda.services.mailing import one_a_person, spoken_day, tell_participant
from agenda.wording import session_title, session_when

DAYS_BEFORE = (7, 1)


def send_reminders() -> int:
    """Remind those who are expected of the dates that come near; returns how many mails. A scheduled job.

    One for a person, a date, an offset and a beginning: a date that moves is reminded of anew, a job that
    runs twice writes once. Who registers within the last days is not reminded of what they know.
    """
    now = timezone.now()
    sent = 0
    for days in DAYS_BEFORE:
        soon = Occurrence.objects.filter(
            starts_at__gt=now,
            starts_at__lte=now + timedelta(days=days),
            # A worker that was down for hours still reminds; one day late it would be wrong.
            starts_at__gte=now + timedelta(days=days - 1),
            status=OccurrenceStatus.SCHEDULED,
            event__status=EventStatus.PUBLISHED,
        )
        for pk in list(soon.values_list("pk", flat=True)):
            sent += _remind(pk, days)
    return sent


@transaction.atomic
def _remind(pk: int, days: int) -> int:
    occurrence = Occurrence.objects.select_related("event").get(pk=pk)
    if occurrence.starts_at is None:
        return 0
    try:
        with transaction.atomic():
            Reminder.objects.create(occurrence=occurrence, days_before=days, starts_at=occurrence.starts_at)
    except IntegrityError:
        return 0
    expected = Registration.objects.filter(session__occurrence=occurrence, state=RegistrationState.CONFIRMED)
    related = ("user", "guest", "session__plan", "session__occurrence__event")
    found = one_a_person(expected.select_related(*related).order_by("session__starts_at", "pk"))
    for first, *others in found:
        turn = f"{days}-{first.session.starts_at:%Y%m%d%H%M}"
        also = [f"{session_title(one.session)}, {session_when(one.session)}" for one in others]
        tell_participant("reminder", first, turn=turn, day=spoken_day(occurrence), also=also)
    return len(found)
