"""The portal's background worker: django-tasks-db's own, and the declared loops beside it."""

import signal
import time
from contextlib import suppress
from typing import Any, NoReturn

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django_tasks_db.management.commands import db_worker

from portal.core.models import WorkerHeartbeat
from portal.core.schedule import enter_declared_jobs
from portal.core.worker import LoopThread, WorkerContext, loops
from portal.core.worker_loops import beat

#: A message that is being sent may finish: what is cut off here is sent a second time.
STOP_SECONDS = 8


def _leave(*_signal: Any) -> NoReturn:
    """End in order: what follows a SystemExit is carried out."""
    raise SystemExit(0)


def _drop_connection() -> None:
    """Have the next query made by a new connection.

    A signal raises wherever it falls, within a BEGIN too: that transaction, of which Django knows
    nothing, would hold up every writer and take back what is written after it.
    """
    connection.close()
    del connections[DEFAULT_DB_ALIAS]


class Command(db_worker.Command):
    """Run background tasks until stopped by SIGTERM or SIGINT."""

    help = "Run background tasks, outgoing mail and scheduled jobs, with a heartbeat that /sante/ reads."

    def configure_logging(self, verbosity: int) -> None:
        """Leave the levels to the settings, where those of every process are."""

    def handle(self, *, worker_id: str, **options: Any) -> None:
        """Start the loops, then django-tasks-db's own.

        Where the database is lost this ends, and the supervisor starts another worker.
        """
        context = WorkerContext(worker_id)
        threads = [LoopThread(loop, context) for loop in loops]
        # From the first beat on an end is an orderly one; the library listens for signals only later.
        signal.signal(signal.SIGTERM, _leave)
        try:
            # Before anything is claimed: what belongs to a worker without a beat is taken from it.
            beat(context)
            enter_declared_jobs()
            for thread in threads:
                thread.start()
            super().handle(worker_id=worker_id, **options)
        finally:
            context.stopping.set()
            _drop_connection()
            limit = time.monotonic() + STOP_SECONDS
            for thread in (thread for thread in threads if thread.ident is not None):
                thread.join(timeout=max(0.0, limit - time.monotonic()))
            # Without a database there is nothing to withdraw, and its first error is the one to read.
            with suppress(DatabaseError):
                WorkerHeartbeat.objects.filter(worker_id=worker_id).delete()
