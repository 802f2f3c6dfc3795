"""Events are told by every worker."""

from portal.core.worker import WorkerContext, declare
from portal.notifications.fan_out import fan_out_due

FAN_OUT_EVERY_SECONDS = 1


def fan_out(context: WorkerContext) -> None:
    """Tell what has happened."""
    fan_out_due(is_stopping=context.stopping.is_set)


declare("notifications.fan_out", step=fan_out, every_seconds=FAN_OUT_EVERY_SECONDS)
