"""The demonstration: its folder, its port, and the two processes it keeps running."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from portal.settings.variables import BASE_DIR
from tests.bench.processes import parent_of

# The demonstration has a SQLite database of its own, whatever the run tests.
pytestmark = [pytest.mark.integration, pytest.mark.only_on("sqlite")]
WAIT_SECONDS = 120


def script(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one of our scripts."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=BASE_DIR,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def port() -> int:
    """Return a free loopback port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_new_folder_becomes_a_demonstration(tmp_path: Path) -> None:
    data = tmp_path / "deep" / "data"

    assert script("scripts/demo_data.py", "claim", str(data)).returncode == 0
    assert (data / ".portal-demo").is_file()


def test_a_folder_with_other_content_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("years of work")

    claimed = script("scripts/demo_data.py", "claim", str(tmp_path))
    erased = script("scripts/demo_data.py", "reset", str(tmp_path))

    assert claimed.returncode == 1
    assert "thesis.odt" in claimed.stderr
    assert erased.returncode == 1
    assert "rien n’a été effacé" in erased.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.odt"]


def test_a_reset_erases_the_demonstration_and_nothing_else(tmp_path: Path) -> None:
    script("scripts/demo_data.py", "claim", str(tmp_path))
    for name in ("portal.sqlite3", "portal.sqlite3-wal", "secret-key", "demo-password", "my-notes.txt"):
        (tmp_path / name).write_text("x")
    for name in ("media", "private", "static", "mail", "bench"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("x")

    result = script("scripts/demo_data.py", "reset", str(tmp_path))

    assert result.returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bench", "my-notes.txt"]


def test_a_reset_leaves_no_folder_where_all_was_the_demonstration(tmp_path: Path) -> None:
    data = tmp_path / "data"
    script("scripts/demo_data.py", "claim", str(data))

    assert script("scripts/demo_data.py", "reset", str(data)).returncode == 0
    assert not data.exists()


def test_a_port_in_use_is_said_at_once(port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        result = script("scripts/serve_demo.py", "--check-port", PORT=str(port))

    assert result.returncode == 1
    assert f"Le port {port} est déjà utilisé" in result.stderr
    assert script("scripts/serve_demo.py", "--check-port", PORT=str(port)).returncode == 0


@pytest.mark.parametrize("wrong", ["0", "70000", "http"])
def test_a_port_that_is_none_is_said(wrong: str) -> None:
    result = script("scripts/serve_demo.py", "--check-port", PORT=wrong)

    assert result.returncode == 1
    assert "PORT" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.fixture(scope="module")
def empty_portal(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return a copy of the tests' SQLite database: every table and no content, without its own migrations."""
    path = tmp_path_factory.mktemp("empty") / "portal.sqlite3"
    with django_db_blocker.unblock(), closing(sqlite3.connect(path)) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
    return path


class RunningDemo:
    """A demonstration that serves an empty portal."""

    def __init__(self, data: Path, port: int, database: Path) -> None:
        self.data = data
        self.address = f"http://127.0.0.1:{port}"
        self.log = data.parent / "log"
        self.environment = {"DATA": str(data), "PORT": str(port), "DJANGO_SETTINGS_MODULE": "portal.settings.demo"}
        self.environment |= {"DATABASE_URL": "", "TEST_DATABASE_URL": ""}
        script("scripts/demo_data.py", "claim", str(data))
        shutil.copy(database, data)
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "scripts/serve_demo.py"],
                cwd=BASE_DIR,
                env=os.environ | self.environment,
                stdout=log,
                stderr=log,
            )

    def wait_for(self, pattern: str) -> None:
        """Return when the log shows this."""
        limit = time.monotonic() + WAIT_SECONDS
        while not re.search(pattern, self.log.read_text(encoding="utf-8")):
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            assert time.monotonic() < limit, self.log.read_text(encoding="utf-8")
            time.sleep(0.1)

    def children(self) -> dict[str, int]:
        """Return the process ids of the server and of the worker."""
        found = {}
        for folder in (path for path in Path("/proc").iterdir() if path.name.isdigit()):
            with suppress(FileNotFoundError, ProcessLookupError):  # It ended while we were reading.
                if parent_of(int(folder.name)) == self.process.pid:
                    command = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                    found["worker" if b"manage.py worker" in command else "web"] = int(folder.name)
        return found

    def status(self) -> int:
        """Return the status of the health page."""
        with urllib.request.urlopen(f"{self.address}/sante/", timeout=10) as answer:
            return int(answer.status)


@pytest.fixture
def demo(tmp_path: Path, port: int, empty_portal: Path) -> Iterator[RunningDemo]:
    """Serve a demonstration, and end it whatever happens."""
    running = RunningDemo(tmp_path / "data", port, empty_portal)
    yield running
    if running.process.poll() is None:
        running.process.terminate()
        running.process.wait(timeout=WAIT_SECONDS)


@pytest.mark.django_db(transaction=True)
def test_the_demonstration_serves_survives_its_worker_and_stops_cleanly(demo: RunningDemo) -> None:
    demo.wait_for(f"Le portail est prêt : {demo.address} ")
    assert demo.status() == 200

    refused = script("scripts/demo_data.py", "reset", str(demo.data))
    assert refused.returncode == 1
    assert "arrêtez-la d’abord" in refused.stderr

    before = demo.children()
    os.kill(before["worker"], signal.SIGKILL)
    demo.wait_for("il redémarre")
    after = demo.children()
    assert after["web"] == before["web"]
    assert after["worker"] != before["worker"]

    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(timeout=WAIT_SECONDS) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in after.values())
    assert "Traceback" not in demo.log.read_text(encoding="utf-8")


@pytest.mark.django_db(transaction=True)
def test_the_demonstration_fails_when_its_server_dies(demo: RunningDemo) -> None:
    demo.wait_for("Le portail est prêt")
    worker = demo.children()["worker"]

    os.kill(demo.children()["web"], signal.SIGKILL)

    assert demo.process.wait(timeout=WAIT_SECONDS) == 1
    assert not Path(f"/proc/{worker}").exists()
