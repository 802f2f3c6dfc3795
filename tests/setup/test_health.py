"""/sante/ tells the supervisor whether database, migrations and worker are there."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

from portal.core.models import WorkerHeartbeat
from portal.settings.variables import BASE_DIR

pytestmark = pytest.mark.django_db(transaction=True)
WAIT_SECONDS = 120


def url_of_test_database() -> str:
    """Return the database of this test as another process must name it."""
    options = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{options['NAME']}"
    return f"postgres://{options['USER']}:{options['PASSWORD']}@{options['HOST']}:{options['PORT']}/{options['NAME']}"


@pytest.fixture(autouse=True)
def _new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin each test as a process that has not looked at its migrations yet."""
    monkeypatch.setattr("portal.core.views._Migrations.applied", False)


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Give what starts a real worker on the database of this test."""
    started: list[subprocess.Popen[bytes]] = []
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
        "DATABASE_URL": url_of_test_database(),
        "DATA": str(tmp_path),
    }

    def start() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=BASE_DIR, env=environment))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def wait_for_status(client: Client, status: int) -> dict[str, bool]:
    """Ask until the answer has this status; return the last answer, whatever it is."""
    limit = time.monotonic() + WAIT_SECONDS
    while (answer := client.get("/sante/")).status_code != status and time.monotonic() < limit:
        time.sleep(0.1)
    assert answer.status_code == status
    return dict(answer.json())


def test_health_follows_a_worker_that_starts_and_stops(
    client: Client, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    assert client.get("/sante/").status_code == 503

    worker = start_worker()
    assert wait_for_status(client, 200) == {"healthy": True, "database": True, "migrations": True, "worker": True}

    worker.terminate()
    assert worker.wait(timeout=WAIT_SECONDS) == 0
    assert client.get("/sante/").json() == {"healthy": False, "database": True, "migrations": True, "worker": False}


def test_a_killed_worker_counts_as_dead_after_a_minute(
    client: Client, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    worker = start_worker()
    wait_for_status(client, 200)
    worker.send_signal(signal.SIGKILL)
    worker.wait()

    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=61), tick=False):
        assert client.get("/sante/").json()["worker"] is False


def test_a_missing_migration_is_unhealthy(client: Client) -> None:
    WorkerHeartbeat.objects.create(worker_id="one")
    applied = MigrationRecorder(connection).migration_qs.filter(app="core").order_by("name").last()
    assert applied is not None
    applied.delete()
    try:
        answer = client.get("/sante/")
    finally:
        # The table of migrations outlives the test.
        applied.save(force_insert=True)

    assert answer.status_code == 503
    assert answer.json()["migrations"] is False
    assert client.get("/sante/").status_code == 200, "it is seen as soon as it is applied"


def test_a_lost_database_is_unhealthy_without_saying_why(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise OperationalError("could not connect to db-1.internal")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = client.get("/sante/")

    assert answer.status_code == 503
    assert answer.json()["database"] is False
    assert b"internal" not in answer.content


def test_health_answers_the_supervisor_over_plain_http(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
    WorkerHeartbeat.objects.create(worker_id="one")

    assert client.get("/sante/").status_code == 200
    assert client.get("/agenda/").status_code == 301
