"""The restitution of a date: written, published, sent to those who came."""

from django.db import transaction
from django.utils import timezone

from agenda.enums import Attendance, RegistrationState
from agenda.links import absolute
from agenda.models import Occurrence, Registration
from agenda.services.mailing import tell_participant


@transaction.atomic
def publish_report(*, occurrence: Occurrence) -> bool:
    """Show the restitution to the event's audience; False where it is shown already. For the organisers."""
    fresh = Occurrence.objects.select_for_update(of=("self",)).select_related("event").get(pk=occurrence.pk)
    if fresh.report_published_at is not None or not fresh.report:
        return False
    fresh.report_published_at = timezone.now()
    fresh.save(update_fields=["report_published_at"])
    return True


def write_report_mails(*, occurrence_id: int) -> int:
    """Queue one mail to each person who came, absent ones left out; returns how many. For a worker."""
    came = Registration.objects.filter(
        session__occurrence=occurrence_id,
        session__occurrence__report_published_at__isnull=False,
        state=RegistrationState.CONFIRMED,
    ).exclude(attendance=Attendance.ABSENT)
    related = ("user", "guest", "session__plan", "session__occurrence__event")
    told = set()
    for registration in came.select_related(*related).order_by("pk"):
        # Who came to both parts of a day reads of it once.
        if registration.email not in told:
            told.add(registration.email)
            url = absolute(f"{registration.session.occurrence.get_absolute_url()}restitution/")
            tell_participant("report", registration, turn="1", url=url)
    return len(told)
