"""Tasks that a killed worker has left RUNNING: django-tasks-db would leave them so for ever."""

import logging
from datetime import timedelta

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal.core.models import WorkerHeartbeat

logger = logging.getLogger(__name__)

#: A task that has killed this many workers is not given another one.
MAX_ATTEMPTS = 5
#: Before the second attempt; doubled before each further one.
RETRY_AFTER = timedelta(seconds=30)


class WorkerLostError(Exception):
    """The worker that ran the task is dead."""


def recover_tasks() -> int:
    """Make the tasks of dead workers ready again, or failed after their last attempt; returns how many.

    A worker is dead when it has not beaten for a minute. Each recovery is a conditional write, so
    that two workers recover a task once.
    """
    alive = set(WorkerHeartbeat.objects.alive().values_list("worker_id", flat=True))
    # One that has just been claimed may belong to a worker whose first beat is still to come.
    settled = timezone.now() - WorkerHeartbeat.ALIVE_WITHIN
    running = DBTaskResult.objects.running().filter(started_at__lt=settled)
    return sum(_recover(task) for task in running if not alive.intersection(task.worker_ids[-1:]))


def _recover(task: DBTaskResult) -> bool:
    now, attempts = timezone.now(), len(task.worker_ids)
    as_found = DBTaskResult.objects.running().filter(pk=task.pk, started_at=task.started_at)
    if attempts < MAX_ATTEMPTS:
        logger.warning("task %s (%s) lost its worker: attempt %d follows", task.pk, task.task_path, attempts + 1)
        return bool(as_found.update(status="READY", run_after=now + RETRY_AFTER * 2 ** (attempts - 1)))
    logger.error("task %s (%s) lost its worker %d times: given up", task.pk, task.task_path, attempts)
    return bool(
        as_found.update(
            status="FAILED",
            finished_at=now,
            exception_class_path=f"{WorkerLostError.__module__}.{WorkerLostError.__qualname__}",
            traceback=f"WorkerLostError: its worker died during each of {attempts} attempts",
        )
    )
