"""Announcing an event to members by mail, with the date for their calendars."""

from django.db import transaction

from agenda.enums import EventStatus
from agenda.ics import publication
from agenda.links import absolute
from agenda.models import Event, Occurrence
from agenda.selectors.desk import ANNOUNCED, announcement_recipients, next_date
from agenda.services.mailing import spoken_day
from agenda.wording import occurrence_when, place
from portal.accounts.models import User
from portal.mail.services import Attachment, queue_mail
from portal.notifications.services import record_event
from portal.notifications.tokens import Scope, unsubscribe_path

#: Written in one transaction; a worker that dies in the middle begins the batch anew, and keys keep mails single.
BATCH = 50


@transaction.atomic
def announce_event(*, event: Event, audience: str, user: User) -> None:
    """Note that the event is announced, once for its next date; the mails are written by a worker.

    For those who may publish it.
    """
    occurrence = next_date(event)
    key = f"{ANNOUNCED}:{event.pk}:{occurrence.pk if occurrence else 0}:{audience}"
    record_event(ANNOUNCED, about=event, key=key, actor=user, data={"audience": audience})


def write_announcements(*, event_id: int, audience: str) -> int:
    """Queue one mail to each member of the audience, once for a date; returns how many people. For a worker."""
    event = Event.objects.filter(pk=event_id, status=EventStatus.PUBLISHED).select_related("region").first()
    occurrence = next_date(event) if event else None
    if event is None or occurrence is None:
        return 0
    attachment = Attachment("evenement.ics", "text/calendar; method=PUBLISH", publication(occurrence))
    recipients = list(announcement_recipients(event, audience).only("pk", "short_id", "email", "first_name"))
    for start in range(0, len(recipients), BATCH):
        with transaction.atomic():
            for member in recipients[start : start + BATCH]:
                _announce_to(occurrence, member, attachment)
    return len(recipients)


def _announce_to(occurrence: Occurrence, member: User, attachment: Attachment) -> None:
    event = occurrence.event
    queue_mail(
        "agenda.announcement",
        to=member.email,
        key=f"agenda:announcement:{event.uid.hex}:{occurrence.pk}:{member.pk}",
        context={
            "name": member.first_name,
            "title": occurrence.shown_title,
            "summary": event.summary,
            "day": spoken_day(occurrence),
            "when": occurrence_when(occurrence),
            "place": place(occurrence),
        },
        url=absolute(occurrence.get_absolute_url()),
        reply_to=event.contact_email,
        unsubscribe_url=absolute(unsubscribe_path(member, Scope("kind", ANNOUNCED))),
        attachments=(attachment,),
    )
