"""Kill workers and the database while messages flow, then count what arrived.

Real processes throughout: two ``manage.py worker``, one producer, one SMTP server, and for
PostgreSQL a server of its own. A kill falls when a drawn number of messages has arrived, so that it
hits the flow on a slow machine as on a fast one. Whoever is killed is started again, as a
supervisor does.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.postgres_server import PostgresServer
from tests.support.smtp_server import SmtpServer

ROOT = Path(__file__).resolve().parents[3]
WORKERS = 2
LIMIT_SECONDS = 120


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


class Harness:
    """One run on one database; ``server`` is the PostgreSQL to kill, None stands for SQLite."""

    def __init__(self, folder: Path, *, seed: int, messages: int, kills: int, server: PostgresServer | None) -> None:
        self.folder, self.messages, self.kills, self.seed, self.server = folder, messages, kills, seed, server
        self.chance = random.Random(seed)  # noqa: S311 -- the same run again for the same seed
        self.smtp = SmtpServer(folder / "smtp")
        self.smtp.folder.mkdir()
        self.journal = folder / "journal"
        self.outcome = Outcome()
        self.processes: list[subprocess.Popen[bytes]] = []

    def run(self) -> Outcome:
        """Carry it out, leaving no process behind."""
        started = time.monotonic()
        try:
            self.smtp.start()
            if self.server is not None:
                self.server.start()
            migrate(self._environment(), self.folder)
            producer = self._start(
                "-m", "tests.mail.crash.producer", str(self.messages), str(self.seed), str(self.journal)
            )
            self.processes = [self._manage("worker") for _number in range(WORKERS)]
            self._kill_along_the_way()
            self._wait_for(lambda: producer.poll() is not None and self._open_rows() == 0)
            self._count()
        finally:
            for process in [*self.processes, *([producer] if "producer" in locals() else [])]:
                process.kill()
                process.wait()
            self.smtp.stop()
        self.outcome.seconds = time.monotonic() - started
        return self.outcome

    def _kill_along_the_way(self) -> None:
        """Kill at the drawn points; on PostgreSQL, four times in ten the database."""
        points = sorted(self.chance.sample(range(1, self.messages * 8 // 10), self.kills))
        for point in points:
            self._wait_for(lambda point=point: self._arrived_count() >= point)
            time.sleep(self.chance.uniform(0, 0.02))
            if self.server is not None and self.chance.random() < 0.4:
                self._kill_database()
            else:
                self._kill_worker()

    def _kill_worker(self) -> None:
        victim = self.chance.randrange(WORKERS)
        self.processes[victim].send_signal(signal.SIGKILL)
        self.processes[victim].wait()
        self.outcome.kills["worker"] += 1

    def _kill_database(self) -> None:
        assert self.server is not None
        self.server.kill()
        self.outcome.kills["database"] += 1
        time.sleep(self.chance.uniform(0, 0.3))
        self.server.start()

    def _wait_for(self, is_done) -> None:
        """Wait, starting again the workers that died; fails after the limit."""
        limit = time.monotonic() + LIMIT_SECONDS
        while not is_done():
            assert time.monotonic() < limit, f"stuck: {self._arrived_count()} arrived, {self._open_rows()} open"
            for number, process in enumerate(self.processes):
                if process.poll() is not None:
                    self.processes[number] = self._manage("worker")
            time.sleep(0.01)

    def _arrived_count(self) -> int:
        return sum(1 for entry in os.scandir(self.smtp.folder) if entry.name.endswith(".json"))

    def _open_rows(self) -> int:
        """Ask the database itself, past Django's connections of this process."""
        question = "SELECT COUNT(*) FROM mail_outboxmessage WHERE status NOT IN ('sent')"
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

    def _manage(self, *arguments: str) -> subprocess.Popen[bytes]:
        return self._start("manage.py", *arguments)

    def _environment(self) -> dict[str, str]:
        url = self.server.url if self.server else ""
        return environment_for(self.folder, smtp_port=self.smtp.port, database_url=url)

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self._environment(), stdout=log, stderr=log
            )
