"""Kill workers and the database while messages flow, then count what arrived.

Real processes throughout: two ``manage.py worker``, one producer, one SMTP server, and for
PostgreSQL a server of its own. SQLite lives in the processes that use it: its kill is that of all of
them at once. A kill falls when a drawn number of messages has arrived, so that it hits the flow on a
slow machine as on a fast one. Whoever is killed is started again, as a supervisor does.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.postgres_server import PostgresServer
from tests.support.smtp_server import SmtpServer

ROOT = Path(__file__).resolve().parents[3]
WORKERS = 2
LIMIT_SECONDS = 120
#: How often a kill is that of the database.
DATABASE_SHARE = 0.4


def environment_for(folder: Path, *, smtp_port: int, database_url: str = "") -> dict[str, str]:
    """Return the environment of a process with its data in ``folder``; SQLite unless a URL is given."""
    return {
        **os.environ,
        "DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "tests.mail.crash.settings",
        "CRASH_SMTP_PORT": str(smtp_port),
        "TEST_DATABASE_URL": database_url,
        "PYTHONPATH": str(ROOT),
    }


def migrate(environment: dict[str, str], folder: Path) -> None:
    """Make the tables."""
    with (folder / "log").open("ab") as log:
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            check=True,
        )


@dataclass
class Outcome:
    """What the run found."""

    committed: set[str] = field(default_factory=set)
    rolled_back: set[str] = field(default_factory=set)
    #: Message → the Message-IDs under which it arrived, as often as it arrived.
    arrived: dict[str, Counter[str]] = field(default_factory=dict)
    open_rows: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    seconds: float = 0

    @property
    def lost(self) -> set[str]:
        """Committed, and never arrived."""
        return self.committed - set(self.arrived)

    @property
    def ghosts(self) -> set[str]:
        """Arrived, though nobody committed them."""
        return set(self.arrived) - self.committed

    @property
    def renamed(self) -> dict[str, Counter[str]]:
        """Arrived under more than one Message-ID."""
        return {key: identifiers for key, identifiers in self.arrived.items() if len(identifiers) > 1}

    @property
    def repeats(self) -> int:
        """How many messages too many arrived."""
        return sum(identifiers.total() - 1 for identifiers in self.arrived.values())

    def __str__(self) -> str:
        kills = ", ".join(f"{count} x {name}" for name, count in sorted(self.kills.items()))
        return (
            f"{len(self.committed)} committed, {len(self.arrived)} arrived, {len(self.lost)} lost, "
            f"{self.repeats} repeated, {len(self.renamed)} under two Message-IDs, {len(self.ghosts)} ghosts; "
            f"killed: {kills}; {self.seconds:.0f} s"
        )

    def problems(self, *, messages: int, kills: int) -> list[str]:
        """Return what breaks the promise, or makes the run prove nothing; each kill may repeat what was in flight."""
        found = {
            "not all kills took place": self.kills.total() != kills,
            "not all messages were queued": len(self.committed) + len(self.rolled_back) != messages,
            "hardly anything was rolled back": len(self.rolled_back) <= messages // 50,
            f"lost: {sorted(self.lost)}": bool(self.lost),
            f"never committed: {sorted(self.ghosts)}": bool(self.ghosts),
            f"under two Message-IDs: {self.renamed}": bool(self.renamed),
            f"still open: {self.open_rows}": bool(self.open_rows),
            f"repeated too often: {self.repeats}": self.repeats > WORKERS * kills,
        }
        return [problem for problem, is_found in found.items() if is_found]


class Harness:
    """One run on one database; ``server`` is the PostgreSQL to kill, None stands for SQLite."""

    def __init__(self, folder: Path, *, seed: int, messages: int, kills: int, server: PostgresServer | None) -> None:
        self.folder, self.messages, self.kills, self.seed, self.server = folder, messages, kills, seed, server
        self.chance = random.Random(seed)  # noqa: S311 -- the same run again for the same seed
        self.smtp = SmtpServer(folder / "smtp")
        self.smtp.folder.mkdir()
        self.journal = folder / "journal"
        self.outcome = Outcome()
        self.workers: list[subprocess.Popen[bytes]] = []
        self.producer: subprocess.Popen[bytes] | None = None

    def run(self) -> Outcome:
        """Carry it out, leaving no process behind."""
        started = time.monotonic()
        try:
            self.smtp.start()
            if self.server is not None:
                self.server.start()
            migrate(self._environment(), self.folder)
            self.producer = self._start_producer()
            self.workers = [self._start_worker() for _number in range(WORKERS)]
            self._kill_along_the_way()
            self._wait_for(lambda: self._has_produced() and self._open_rows() == 0)
            self._count()
        finally:
            self._kill(*self.workers, *filter(None, [self.producer]))
            self.smtp.stop()
        self.outcome.seconds = time.monotonic() - started
        return self.outcome

    def _kill_along_the_way(self) -> None:
        """Kill at the drawn points."""
        points = sorted(self.chance.sample(range(1, self.messages * 8 // 10), self.kills))
        for point in points:
            self._wait_for(lambda point=point: self._arrived_count() >= point)
            time.sleep(self.chance.uniform(0, 0.02))
            is_database = self.chance.random() < DATABASE_SHARE
            if not is_database:
                self._kill(self.workers[self.chance.randrange(WORKERS)])
            elif self.server is None:
                self._kill(*self.workers, *filter(None, [self.producer]))
            else:
                self.server.kill()
                time.sleep(self.chance.uniform(0, 0.3))
                self.server.start()
            self.outcome.kills["database" if is_database else "worker"] += 1

    @staticmethod
    def _kill(*victims: subprocess.Popen[bytes]) -> None:
        for victim in victims:
            victim.send_signal(signal.SIGKILL)
        for victim in victims:
            victim.wait()

    def _has_produced(self) -> bool:
        return self.producer is not None and self.producer.poll() == 0

    def _wait_for(self, is_done: Callable[[], bool]) -> None:
        """Wait, starting again whoever died; fails after the limit."""
        limit = time.monotonic() + LIMIT_SECONDS
        while not is_done():
            assert time.monotonic() < limit, f"stuck: {self._arrived_count()} arrived, {self._open_rows()} open"
            self.workers = [one if one.poll() is None else self._start_worker() for one in self.workers]
            if self.producer is None or self.producer.poll() not in {None, 0}:
                self.producer = self._start_producer()
            time.sleep(0.01)

    def _arrived_count(self) -> int:
        return sum(1 for entry in os.scandir(self.smtp.folder) if entry.name.endswith(".json"))

    def _open_rows(self) -> int:
        """Ask the database itself, past Django's connections of this process."""
        question = "SELECT COUNT(*) FROM mail_outboxmessage WHERE status <> 'sent'"
        if self.server is None:
            import sqlite3

            with sqlite3.connect(self.folder / "portal.sqlite3", timeout=20) as database:
                count = database.execute(question).fetchone()[0]
            database.close()
            return int(count)
        import psycopg

        with psycopg.connect(self.server.url) as postgres:
            return int(postgres.execute(question).fetchone()[0])

    def _count(self) -> None:
        for key in self.journal.read_text().split():
            (self.outcome.rolled_back if key.startswith("!") else self.outcome.committed).add(key.removeprefix("!"))
        for message in self.smtp.messages:
            self.outcome.arrived.setdefault(message["Subject"], Counter())[message["Message-ID"]] += 1
        self.outcome.open_rows = self._open_rows()

    def _start_worker(self) -> subprocess.Popen[bytes]:
        return self._start("manage.py", "worker")

    def _start_producer(self) -> subprocess.Popen[bytes]:
        return self._start("-m", "tests.mail.crash.producer", str(self.messages), str(self.seed), str(self.journal))

    def _environment(self) -> dict[str, str]:
        url = self.server.url if self.server else ""
        return environment_for(self.folder, smtp_port=self.smtp.port, database_url=url)

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self._environment(), stdout=log, stderr=log
            )
