"""The portal's background worker: django-tasks-db's own, with a heartbeat."""

import threading
from datetime import timedelta
from typing import Any

from django.db import close_old_connections, connection
from django.utils import timezone
from django_tasks_db.management.commands import db_worker

from portal.core.models import WorkerHeartbeat

BEAT_EVERY_SECONDS = 15


class Heartbeat(threading.Thread):
    """Beat beside the running task, so that a long task does not look like a dead worker."""

    def __init__(self, worker_id: str) -> None:
        super().__init__(daemon=True, name="worker-heartbeat")
        self.worker_id = worker_id
        self.stopped = threading.Event()

    def run(self) -> None:
        """Beat until stopped."""
        while not self.stopped.is_set():
            self.beat()
            self.stopped.wait(BEAT_EVERY_SECONDS)
        connection.close()

    def beat(self) -> None:
        """Write one sign of life, and forget workers silent for a day."""
        close_old_connections()
        now = timezone.now()
        WorkerHeartbeat.objects.update_or_create(worker_id=self.worker_id, defaults={"beat_at": now})
        WorkerHeartbeat.objects.filter(beat_at__lt=now - timedelta(days=1)).delete()


class Command(db_worker.Command):
    """Run background tasks until stopped by SIGTERM or SIGINT."""

    help = "Run background tasks, with a heartbeat that /sante/ reads."

    def configure_logging(self, verbosity: int) -> None:
        """Leave the levels to the settings, where those of every process are."""

    def handle(self, *, worker_id: str, **options: Any) -> None:
        """Start the heartbeat, then django-tasks-db's loop."""
        heartbeat = Heartbeat(worker_id)
        heartbeat.start()
        try:
            super().handle(worker_id=worker_id, **options)
        finally:
            heartbeat.stopped.set()
            heartbeat.join(timeout=5)
            WorkerHeartbeat.objects.filter(worker_id=worker_id).delete()
