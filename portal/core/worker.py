"""The loops that run in a worker beside its tasks: apps declare theirs in ``worker_loops.py``."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import close_old_connections, connection

from portal.core.registry import Registry

logger = logging.getLogger(__name__)

#: The longest pause of a loop whose step fails again and again (the database is down, for instance).
LONGEST_PAUSE_SECONDS = 30.0


@dataclass(frozen=True)
class WorkerContext:
    """The worker in which a step runs."""

    worker_id: str
    stopping: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class WorkerLoop:
    """One declared loop; see ``declare``."""

    name: str
    step: Callable[[WorkerContext], object]
    every_seconds: float


loops: Registry[WorkerLoop] = Registry("worker loops")


def declare(name: str, *, step: Callable[[WorkerContext], object], every_seconds: float) -> WorkerLoop:
    """Declare the loop ``name``: in every worker, a thread calls ``step`` and pauses ``every_seconds``.

    ``step`` does all that is due and returns; it looks at ``context.stopping`` between two pieces of
    work. What it raises is logged, and it is called again after a pause that grows to 30 s.
    Raises ValueError for a taken name.
    """
    return loops.register(name, WorkerLoop(name, step, every_seconds))


class LoopThread(threading.Thread):
    """One loop in one worker."""

    def __init__(self, loop: WorkerLoop, context: WorkerContext) -> None:
        # Daemon: a step that hangs must not keep a worker from ending.
        super().__init__(daemon=True, name=f"worker-{loop.name}")
        self.loop = loop
        self.context = context
        self.failures = 0

    def run(self) -> None:
        """Step until the worker stops."""
        while not self.context.stopping.is_set():
            self.step()
            self.context.stopping.wait(self.pause)
        connection.close()

    def step(self) -> None:
        """Call the step once; a failure is counted and never ends the thread."""
        try:
            # A connection that the database has cut is replaced by a new one.
            close_old_connections()
            self.loop.step(self.context)
        except Exception:
            # The database, the mail server or a bug: the next step may go well.
            self.failures += 1
            logger.exception("worker loop %s failed (%d in a row)", self.loop.name, self.failures)
            close_old_connections()
        else:
            self.failures = 0

    @property
    def pause(self) -> float:
        """Seconds until the next step."""
        if not self.failures:
            return self.loop.every_seconds
        doubled = self.loop.every_seconds * 2 ** min(self.failures, 10)
        return min(doubled, max(LONGEST_PAUSE_SECONDS, self.loop.every_seconds))
