"""What every worker does beside its tasks: show that it lives, run the schedule, take up what dead workers left."""

from datetime import timedelta

from django.utils import timezone

from portal.core import schedule
from portal.core.models import WorkerHeartbeat
from portal.core.recovery import recover_tasks
from portal.core.worker import WorkerContext, declare

BEAT_EVERY_SECONDS = 15
SCHEDULE_EVERY_SECONDS = 5
RECOVERY_EVERY_SECONDS = 30


def beat(context: WorkerContext) -> None:
    """Write one sign of life, and forget workers silent for a day."""
    now = timezone.now()
    WorkerHeartbeat.objects.update_or_create(worker_id=context.worker_id, defaults={"beat_at": now})
    WorkerHeartbeat.objects.filter(beat_at__lt=now - timedelta(days=1)).delete()


def run_schedule(context: WorkerContext) -> None:
    """Run the scheduled jobs that are due."""
    schedule.run_due_jobs(worker_id=context.worker_id, is_stopping=context.stopping.is_set)


def recover(context: WorkerContext) -> None:
    """Take up the tasks of dead workers."""
    recover_tasks()


declare("core.heartbeat", step=beat, every_seconds=BEAT_EVERY_SECONDS)
declare("core.schedule", step=run_schedule, every_seconds=SCHEDULE_EVERY_SECONDS)
declare("core.recovery", step=recover, every_seconds=RECOVERY_EVERY_SECONDS)
