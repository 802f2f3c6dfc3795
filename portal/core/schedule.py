"""Work that comes back by itself: apps declare theirs in ``scheduled_jobs.py``.

The table ``ScheduledJob`` says when each is due; whichever worker claims a row first runs it. What
was missed while no worker ran is done once, not once for each time missed.
"""

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from portal.core.models import ScheduledJob, WorkerHeartbeat
from portal.core.registry import Registry

logger = logging.getLogger(__name__)

#: A job that failed is tried again after this, doubled each time, but never later than its next turn.
RETRY_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class Declaration:
    """One declared job; see ``declare``."""

    name: str
    every: timedelta
    run: Callable[[], object] | str
    verbose_name: str | Promise

    def call(self) -> None:
        """Run it in this process."""
        run = import_string(self.run) if isinstance(self.run, str) else self.run
        run()


jobs: Registry[Declaration] = Registry("scheduled jobs")


def declare(
    name: str, *, every: timedelta, run: Callable[[], object] | str, verbose_name: str | Promise
) -> Declaration:
    """Declare the job ``name``, "app.job", run ``every`` so often by one worker at a time.

    ``run`` takes nothing and may be a dotted path. It must bear being run again: a worker killed in
    the middle leaves it to another. Raises ValueError for a taken name or an interval below one second.
    """
    if every < timedelta(seconds=1):
        raise ValueError(f"{name}: a job runs at most once a second")
    return jobs.register(name, Declaration(name, every, run, verbose_name))


def enter_declared_jobs() -> None:
    """Give every declared job its row, due at once, and drop the rows of jobs that are no more."""
    ScheduledJob.objects.exclude(name__in=[name for name, _job in jobs.items()]).delete()
    known = set(ScheduledJob.objects.values_list("name", flat=True))
    ScheduledJob.objects.bulk_create(
        [ScheduledJob(name=name) for name, _job in jobs.items() if name not in known], ignore_conflicts=True
    )


def run_due_jobs(*, worker_id: str, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Run what is due, one after the other; returns how many jobs this process has run."""
    done = 0
    while not is_stopping() and (row := claim_due_job(worker_id=worker_id)) is not None:
        _run(row)
        done += 1
    return done


def claim_due_job(*, worker_id: str) -> ScheduledJob | None:
    """Take the job that has been due the longest, for this worker alone; None where nothing is due.

    A job that another worker holds is due only once that worker no longer beats.
    """
    now = timezone.now()
    free = Q(holder="") | ~Q(holder__in=WorkerHeartbeat.objects.alive().values("worker_id"))
    due = ScheduledJob.objects.filter(free, next_run_at__lte=now, name__in=[name for name, _job in jobs.items()])
    # A look outside a transaction: SQLite would lock the whole database, every few seconds, for nothing.
    if not due.exists():
        return None
    with transaction.atomic():
        rows = due.order_by("next_run_at", "name")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        row = rows.first()
        if row is not None:
            row.holder, row.last_started_at = worker_id, now
            row.save(update_fields=["holder", "last_started_at"])
        return row


def _run(row: ScheduledJob) -> None:
    job = jobs.get(row.name)
    error = ""
    try:
        job.call()
    except Exception:
        # Any failure of a job is the job's: the worker and the other jobs go on.
        logger.exception("scheduled job %s failed", row.name)
        error = traceback.format_exc()
    now = timezone.now()
    failures = row.failures + 1 if error else 0
    # Only while it is still ours: another worker may have taken it up from one it believed dead.
    ScheduledJob.objects.filter(name=row.name, holder=row.holder).update(
        holder="",
        last_finished_at=now,
        last_error=error,
        failures=failures,
        next_run_at=_next_run(row.next_run_at, job.every, now, failures),
    )


def _next_run(due_at: datetime, every: timedelta, now: datetime, failures: int) -> datetime:
    """Return the next turn: in step with the one that was due, past those that were missed."""
    turns = max(1, -((due_at - now) // every))
    next_turn = due_at + turns * every
    if next_turn <= now:
        next_turn += every
    if failures:
        return min(next_turn, now + RETRY_AFTER * 2 ** min(failures - 1, 10))
    return next_turn
