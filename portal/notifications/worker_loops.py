"""Events are told, and mails at once are written, by every worker; what leaves is looked at once more."""

from portal.core.worker import WorkerContext, declare
from portal.mail.last_look import declare_last_look
from portal.notifications.fan_out import fan_out_due
from portal.notifications.last_look import look
from portal.notifications.mailing import send_due

EVERY_SECONDS = 2


def tell(context: WorkerContext) -> None:
    """Tell what has happened, then write the mails that are due."""
    fan_out_due(is_stopping=context.stopping.is_set)
    send_due(is_stopping=context.stopping.is_set)


declare("notifications.tell", step=tell, every_seconds=EVERY_SECONDS)
declare_last_look("notifications", look)
