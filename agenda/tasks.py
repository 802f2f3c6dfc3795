"""Background work of the agenda."""

from django_tasks import task

from agenda.services.announcements import write_announcements
from agenda.services.reports import write_report_mails


@task()
def announce(event_id: int, audience: str) -> None:
    """Write the announcements of an event."""
    write_announcements(event_id=event_id, audience=audience)


@task()
def send_report(occurrence_id: int) -> None:
    """Tell those who came that the restitution is published."""
    write_report_mails(occurrence_id=occurrence_id)
