"""The worker: its loops go on whatever happens, and what a dead one left is taken up."""

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal.core import worker
from portal.core.models import ScheduledJob, WorkerHeartbeat
from portal.core.recovery import MAX_ATTEMPTS, recover_tasks
from portal.core.worker import LoopThread, WorkerContext, declare, loops
from portal.core.worker_loops import beat
from tests.factories.accounts import AdministratorFactory, AnimatorFactory
from tests.mail.crash.harness import environment_for, migrate
from tests.support.queries import assert_constant_queries

DEAD = timedelta(seconds=61)


def running_task(**fields) -> DBTaskResult:
    values = {
        "status": "RUNNING",
        "args_kwargs": {"args": [], "kwargs": {}},
        "task_path": "tests.some_task",
        "worker_ids": ["gone"],
        "backend_name": "default",
        "run_after": timezone.now(),
        "started_at": timezone.now() - DEAD,
    }
    return DBTaskResult.objects.create(**values | fields)


@pytest.mark.django_db
def test_the_task_of_a_dead_worker_is_tried_again_later_and_later() -> None:
    task = running_task()
    assert recover_tasks() == 1
    task.refresh_from_db()
    assert task.status == "READY"
    assert timedelta(seconds=25) < task.run_after - timezone.now() <= timedelta(seconds=30)
    assert recover_tasks() == 0
    DBTaskResult.objects.update(status="RUNNING", worker_ids=["gone", "gone too"])
    assert recover_tasks() == 1
    task.refresh_from_db()
    assert timedelta(seconds=55) < task.run_after - timezone.now() <= timedelta(seconds=60)


@pytest.mark.django_db
def test_a_task_that_kills_its_workers_is_given_up_and_shown(client) -> None:
    task = running_task(worker_ids=[f"gone{number}" for number in range(MAX_ATTEMPTS)])
    assert recover_tasks() == 1
    task.refresh_from_db()
    assert (task.status, task.exception_class_path) == ("FAILED", "portal.core.recovery.WorkerLostError")
    assert task.finished_at is not None
    client.force_login(AdministratorFactory())
    content = client.get("/admin/travaux/").content.decode()
    assert "tests.some_task" in content
    assert "WorkerLostError" in content


@pytest.mark.django_db
def test_the_task_of_a_living_worker_is_left_alone() -> None:
    WorkerHeartbeat.objects.create(worker_id="alive")
    running_task(worker_ids=["gone", "alive"])
    running_task(started_at=timezone.now(), worker_ids=["just started"])
    running_task(status="SUCCESSFUL")
    assert recover_tasks() == 0


@pytest.mark.django_db
def test_a_heartbeat_is_one_row_and_old_ones_go() -> None:
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        beat(WorkerContext("old"))
    beat(WorkerContext("new"))
    beat(WorkerContext("new"))
    assert [row.worker_id for row in WorkerHeartbeat.objects.all()] == ["new"]
    assert WorkerHeartbeat.is_any_alive()


@pytest.fixture
def loop_of(monkeypatch):
    """Make the thread of a declared loop, which the test steps by hand."""
    monkeypatch.setattr(loops, "_entries", {})

    def make(step, every: float = 1.0) -> LoopThread:
        return LoopThread(declare("tests.loop", step=step, every_seconds=every), WorkerContext("me"))

    return make


@pytest.mark.django_db
def test_a_failing_step_never_ends_its_loop(loop_of, caplog) -> None:
    def fail(context: WorkerContext) -> None:
        raise OperationalError("the database is gone")

    thread = loop_of(fail)
    pauses = []
    for _again in range(7):
        thread.step()
        pauses.append(thread.pause)
    assert pauses == [2, 4, 8, 16, 30, 30, 30]
    assert "the database is gone" in caplog.text


@pytest.mark.django_db
def test_a_loop_that_recovers_has_its_rhythm_back(loop_of) -> None:
    steps = []

    def fail_once(context: WorkerContext) -> None:
        steps.append(context.worker_id)
        if len(steps) == 1:
            raise OSError("once")

    thread = loop_of(fail_once, every=45.0)
    thread.step()
    assert thread.pause == 45.0, "never hastier than without a failure"
    thread.step()
    assert (thread.failures, thread.pause, steps) == (0, 45.0, ["me", "me"])


def test_a_loop_stops_when_its_worker_does(loop_of) -> None:
    thread = loop_of(lambda context: None, every=3_600)
    thread.start()
    thread.context.stopping.set()
    thread.join(timeout=5)
    assert not thread.is_alive()


def test_a_loop_is_declared_once(loop_of) -> None:
    loop_of(lambda context: None)
    with pytest.raises(ValueError, match="twice"):
        declare("tests.loop", step=lambda context: None, every_seconds=1)
    assert worker.LONGEST_PAUSE_SECONDS == 30


@pytest.mark.django_db
def test_the_page_of_background_work_is_for_administrators(client) -> None:
    client.force_login(AnimatorFactory())
    assert client.get("/admin/travaux/")["Location"] == "/admin/"
    assert "/admin/travaux/" not in client.get("/admin/").content.decode()


@pytest.mark.django_db
def test_it_shows_jobs_and_takes_the_same_queries_for_any_number_of_failures(client) -> None:
    client.force_login(AdministratorFactory())
    ScheduledJob.objects.create(name="mail.purge", failures=2, last_error="Traceback…\nValueError: broken job\n")
    content = client.get("/admin/travaux/").content.decode()
    assert "ValueError: broken job" in content
    assert "Traceback" not in content
    assert_constant_queries(
        add_row=lambda: running_task(status="FAILED", finished_at=timezone.now()),
        call=lambda: client.get("/admin/travaux/"),
        budget=20,
    )


class WorkerProcess:
    """A real worker on a database of its own, which the test may look into and put back in time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = environment_for(folder, smtp_port=1)
        migrate(self.environment, folder)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            command = [sys.executable, "manage.py", "worker", "--interval", "0.1", "--no-startup-delay"]
            self.process = subprocess.Popen(command, env=self.environment, stderr=log)

    def send(self, signum: int) -> None:
        assert self.process is not None
        self.process.send_signal(signum)

    def wait(self) -> int:
        assert self.process is not None
        return self.process.wait(timeout=20)

    def end(self, signum: int) -> int:
        self.send(signum)
        return self.wait()

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.folder / "portal.sqlite3", timeout=20)) as database, database:
            return database.execute(statement).fetchall()

    def wait_for(self, is_done) -> None:
        limit = time.monotonic() + 30
        while not is_done():
            assert self.process is not None
            assert self.process.poll() is None
            assert time.monotonic() < limit
            time.sleep(0.05)


@pytest.fixture
def worker_process(tmp_path: Path) -> Iterator[WorkerProcess]:
    made = WorkerProcess(tmp_path)
    yield made
    if made.process is not None and made.process.poll() is None:
        made.end(signal.SIGKILL)


@pytest.mark.integration
def test_a_worker_beats_works_and_leaves_in_order(worker_process: WorkerProcess) -> None:
    worker_process.start()
    # The heartbeat, then the jobs that are due from the first start.
    done = "SELECT 1 FROM core_scheduledjob WHERE name = 'mail.purge' AND last_finished_at IS NOT NULL"
    worker_process.wait_for(lambda: worker_process.sql(done))
    assert len(worker_process.sql("SELECT 1 FROM core_workerheartbeat")) == 1
    assert not worker_process.sql("SELECT last_error FROM core_scheduledjob WHERE last_error <> ''")
    assert worker_process.end(signal.SIGTERM) == 0
    assert not worker_process.sql("SELECT 1 FROM core_workerheartbeat")


@pytest.mark.integration
def test_a_worker_stopped_while_it_begins_a_transaction_leaves_in_order(worker_process: WorkerProcess) -> None:
    worker_process.start()
    worker_process.wait_for(lambda: worker_process.sql("SELECT 1 FROM core_workerheartbeat"))
    with closing(sqlite3.connect(worker_process.folder / "portal.sqlite3", isolation_level=None)) as database:
        database.execute("PRAGMA busy_timeout = 20000")
        database.execute("BEGIN IMMEDIATE")
        # Ten times the pause of its loop: it stands at the BEGIN with which it looks for a task.
        time.sleep(1)
        worker_process.send(signal.SIGTERM)
        time.sleep(0.1)
        database.execute("ROLLBACK")
    assert worker_process.wait() == 0
    assert not worker_process.sql("SELECT 1 FROM core_workerheartbeat")


@pytest.mark.integration
def test_the_task_of_a_killed_worker_is_ended_by_the_next(worker_process: WorkerProcess, tmp_path: Path) -> None:
    enqueue = "import django, sys; django.setup(); from tests.mail.crash.tasks import leave_a_trace as t; "
    subprocess.run(
        [sys.executable, "-c", enqueue + "t.enqueue(sys.argv[1])", str(tmp_path)],
        env=worker_process.environment,
        check=True,
    )
    worker_process.start()
    worker_process.wait_for((tmp_path / "begun").exists)
    worker_process.end(signal.SIGKILL)
    assert worker_process.sql("SELECT status FROM django_tasks_database_dbtaskresult") == [("RUNNING",)]
    # A minute without a beat.
    worker_process.sql("UPDATE core_workerheartbeat SET beat_at = '2026-01-01 00:00:00'")
    worker_process.sql("UPDATE django_tasks_database_dbtaskresult SET started_at = '2026-01-01 00:00:00'")
    worker_process.start()
    ready = "SELECT 1 FROM django_tasks_database_dbtaskresult WHERE status = 'READY'"
    worker_process.wait_for(lambda: worker_process.sql(ready))
    # The pause before its second attempt.
    worker_process.sql("UPDATE django_tasks_database_dbtaskresult SET run_after = '2026-01-01 00:00:00'")
    worker_process.wait_for((tmp_path / "ended").exists)
