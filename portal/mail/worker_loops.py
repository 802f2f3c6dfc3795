"""The outbox is emptied by every worker."""

from django.conf import settings

from portal.core.worker import WorkerContext, declare
from portal.mail.delivery import deliver_due


def deliver(context: WorkerContext) -> None:
    """Send what is due."""
    deliver_due(is_stopping=context.stopping.is_set)


declare("mail.outbox", step=deliver, every_seconds=settings.OUTBOX_POLL_SECONDS)
