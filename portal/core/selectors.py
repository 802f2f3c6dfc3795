"""Reads of what the workers do."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django_tasks_db.models import DBTaskResult

from portal.core.models import ScheduledJob
from portal.core.schedule import jobs


@dataclass(frozen=True)
class JobState:
    """One scheduled job: what was declared, and how it goes."""

    label: str | Promise
    next_run_at: datetime
    last_finished_at: datetime | None
    is_running: bool
    failures: int
    error: str


def job_states() -> list[JobState]:
    """Return every declared job; one that no worker has entered yet is due now."""
    rows = ScheduledJob.objects.in_bulk()
    states = []
    for name, job in jobs.items():
        row = rows.get(name) or ScheduledJob(name=name)
        states.append(
            JobState(
                label=job.verbose_name,
                next_run_at=row.next_run_at,
                last_finished_at=row.last_finished_at,
                is_running=bool(row.holder),
                failures=row.failures,
                # The last line of a traceback says what happened; the rest is in the log.
                error=row.last_error.strip().rpartition("\n")[2],
            )
        )
    return states


def failed_tasks() -> QuerySet[DBTaskResult]:
    """Return the tasks that failed or were given up, the latest first."""
    return DBTaskResult.objects.failed().order_by("-finished_at")
