"""Background work of the editorial content."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from portal.content.services import delete_old_messages, send_waiting_messages

RETRY_AFTER = timedelta(minutes=10)


@task()
def deliver_contact_messages() -> int:
    """Send the messages of the contact form and forget the old ones; returns how many still wait.

    While some wait, another attempt is planned, where the backend can plan.
    """
    left = send_waiting_messages()
    delete_old_messages()
    if left and deliver_contact_messages.get_backend().supports_defer:
        deliver_contact_messages.using(run_after=timezone.now() + RETRY_AFTER).enqueue()
    return left
