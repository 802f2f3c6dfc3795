"""Announcing an event to members by mail, with the date for their calendars."""

from django.db import transaction

from agenda.enums import EventStatus
from agenda.ics import series
from agenda.links import absolute
from agenda.models import Event, Occurrence
from agenda.selectors.desk import ANNOUNCED, announcement_recipients
from agenda.services.mailing import spoken_day
from agenda.wording import occurrence_when, place
from portal.accounts.models import User
from portal.mail.services import Attachment, queue_mail
from portal.notifications.services import record_event

#: Written in one transaction; a worker that dies in the middle begins the batch anew, and keys keep mails single.
BATCH = 50


@transaction.atomic
def announce_event(*, event: Event, audience: str, user: User) -> None:
    """Note that the event is announced; the mails are written by a worker. For those who may publish it."""
    data = {"audience": audience}
    record_event(ANNOUNCED, about=event, key=f"{ANNOUNCED}:{event.pk}:{audience}", actor=user, data=data)


def write_announcements(*, event_id: int, audience: str) -> int:
    """Queue one mail to each member of the audience, once for an event; returns how many people. For a worker."""
    event = Event.objects.filter(pk=event_id, status=EventStatus.PUBLISHED).select_related("region").first()
    if event is None:
        return 0
    occurrence = event.occurrences.upcoming().order_by("starts_at").first()
    if occurrence is None:
        return 0
    occurrence.event = event
    attachment = Attachment("evenement.ics", "text/calendar; method=PUBLISH", series(event, [occurrence]))
    recipients = list(announcement_recipients(event, audience).values_list("pk", "email", "first_name"))
    for start in range(0, len(recipients), BATCH):
        with transaction.atomic():
            for pk, email, first_name in recipients[start : start + BATCH]:
                _announce_to(occurrence, pk, email, first_name, attachment)
    return len(recipients)


def _announce_to(occurrence: Occurrence, pk: int, email: str, first_name: str, attachment: Attachment) -> None:
    event = occurrence.event
    queue_mail(
        "agenda.announcement",
        to=email,
        key=f"agenda:announcement:{event.uid.hex}:{pk}",
        context={
            "name": first_name,
            "title": occurrence.shown_title,
            "summary": event.summary,
            "day": spoken_day(occurrence),
            "when": occurrence_when(occurrence),
            "place": place(occurrence),
        },
        url=absolute(occurrence.get_absolute_url()),
        reply_to=event.contact_email,
        attachments=(attachment,),
    )
