"""What the directory deletes when its time is over."""

from datetime import timedelta

from django.utils import timezone

from directory.contact.services import delete_old_messages
from directory.enums import CorrectionState
from directory.models import ClaimRequest, Correction, ImportJob

#: A decided claim and a closed correction are kept as long as messages are.
CLOSED_KEPT = timedelta(days=365)
IMPORTS_KEPT = timedelta(days=30)


def forget_what_has_served() -> int:
    """Delete old messages, decided claims, closed corrections and imported files; returns how many rows."""
    now = timezone.now()
    deleted = delete_old_messages()
    deleted += ClaimRequest.objects.filter(decided_at__lt=now - CLOSED_KEPT).delete()[0]
    closed = Correction.objects.exclude(state=CorrectionState.OPEN)
    deleted += closed.filter(closed_at__lt=now - CLOSED_KEPT).delete()[0]
    # One by one: each takes its file along (see directory.signals).
    for job in ImportJob.objects.filter(created_at__lt=now - IMPORTS_KEPT):
        job.delete()
        deleted += 1
    return deleted
