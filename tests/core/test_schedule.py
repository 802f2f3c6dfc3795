"""Scheduled jobs: due, claimed by one worker, run once however many turns were missed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from portal.core import schedule
from portal.core.models import ScheduledJob, WorkerHeartbeat
from portal.core.schedule import claim_due_job, declare, enter_declared_jobs, run_due_jobs
from tests.mail.crash.harness import environment_for, migrate

pytestmark = pytest.mark.django_db

NOW = "2026-03-12 09:00+00:00"


@pytest.fixture
def runs(monkeypatch) -> list[str]:
    """Replace the portal's jobs by one that writes here when it runs."""
    made: list[str] = []
    monkeypatch.setattr(schedule.jobs, "_entries", {})
    declare("tests.hourly", every=timedelta(hours=1), run=lambda: made.append("hourly"), verbose_name="Essai")
    return made


def work(worker_id: str = "one") -> int:
    WorkerHeartbeat.objects.update_or_create(worker_id=worker_id, defaults={"beat_at": timezone.now()})
    return run_due_jobs(worker_id=worker_id)


def test_a_job_runs_at_once_then_at_its_intervals(runs) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        enter_declared_jobs()
        assert work() == 1
        assert work() == 0
        clock.shift(3_599)
        assert work() == 0
        clock.shift(1)
        assert work() == 1
    assert runs == ["hourly", "hourly"]


def test_missed_turns_are_made_up_for_once_and_the_rhythm_stays(runs) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        enter_declared_jobs()
        work()
        clock.shift(5.5 * 3_600)
        assert work() == 1
        assert work() == 0
        assert timezone.localtime(ScheduledJob.objects.get().next_run_at).minute == 0
        clock.shift(0.5 * 3_600)
        assert work() == 1
    assert len(runs) == 3


def test_a_failing_job_is_tried_again_sooner_and_stops_nobody(runs) -> None:
    def fail() -> None:
        raise ValueError("broken job")

    declare("tests.failing", every=timedelta(days=1), run=fail, verbose_name="Essai")
    with time_machine.travel(NOW, tick=False) as clock:
        enter_declared_jobs()
        assert work() == 2
        failing = ScheduledJob.objects.get(name="tests.failing")
        assert "broken job" in failing.last_error
        waits = []
        for _again in range(12):
            failing.refresh_from_db()
            waits.append(int((failing.next_run_at - timezone.now()).total_seconds()))
            clock.shift(waits[-1])
            work()
        assert waits[:4] == [60, 120, 240, 480]
        assert max(waits) <= 86_400
        failing.refresh_from_db()
        assert failing.failures == 13
    assert runs


def test_a_job_that_recovers_forgets_its_failures(runs, monkeypatch) -> None:
    enter_declared_jobs()
    ScheduledJob.objects.update(failures=3, last_error="x")
    work()
    row = ScheduledJob.objects.get()
    assert (row.failures, row.last_error, row.holder) == (0, "", "")
    assert row.last_finished_at is not None


def test_a_job_under_way_is_nobody_elses_until_its_worker_is_dead(runs) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        enter_declared_jobs()
        WorkerHeartbeat.objects.create(worker_id="one")
        assert claim_due_job(worker_id="one") is not None
        assert work("two") == 0
        clock.shift(59)
        assert work("two") == 0
        clock.shift(2)
        assert work("two") == 1
    assert runs == ["hourly"]


def test_a_late_worker_does_not_overwrite_the_one_that_took_over(runs) -> None:
    enter_declared_jobs()
    WorkerHeartbeat.objects.create(worker_id="two")

    def taken_over() -> None:
        ScheduledJob.objects.update(holder="two")

    schedule.jobs._entries.clear()
    declare("tests.hourly", every=timedelta(hours=1), run=taken_over, verbose_name="Essai")
    work("one")
    row = ScheduledJob.objects.get()
    assert (row.holder, row.last_finished_at) == ("two", None)


def test_jobs_that_are_no_more_lose_their_row(runs) -> None:
    ScheduledJob.objects.create(name="tests.gone")
    enter_declared_jobs()
    enter_declared_jobs()
    assert [row.name for row in ScheduledJob.objects.all()] == ["tests.hourly"]


def test_a_stopping_worker_begins_no_job(runs) -> None:
    enter_declared_jobs()
    assert run_due_jobs(worker_id="one", is_stopping=lambda: True) == 0
    assert not runs


def test_a_job_may_be_named_by_its_path(runs) -> None:
    job = declare("tests.path", every=timedelta(days=1), run="django.utils.timezone.now", verbose_name="Essai")
    job.call()
    with pytest.raises(ValueError, match="twice"):
        declare("tests.path", every=timedelta(days=1), run=lambda: None, verbose_name="Essai")
    with pytest.raises(ValueError, match="once a second"):
        declare("tests.fast", every=timedelta(milliseconds=1), run=lambda: None, verbose_name="Essai")


def test_an_idle_look_writes_nothing(runs, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert run_due_jobs(worker_id="one") == 0


@pytest.mark.django_db(transaction=True)
def test_threads_never_share_a_job(runs) -> None:
    for number in range(12):
        declare(f"tests.job{number}", every=timedelta(days=1), run=lambda: runs.append("job"), verbose_name="Essai")
    enter_declared_jobs()
    WorkerHeartbeat.objects.bulk_create([WorkerHeartbeat(worker_id=str(number)) for number in range(3)])

    def work_and_close(number: int) -> int:
        try:
            return run_due_jobs(worker_id=str(number))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(work_and_close, range(3))) == 13
    assert len(runs) == 13


@pytest.fixture
def own_database() -> Iterator[str]:
    """Give the processes a database beside the tests' own; on SQLite it is a file of theirs (no URL)."""
    server = os.environ.get("TEST_DATABASE_URL", "")
    if not server:
        yield ""
        return
    with psycopg.connect(server, autocommit=True) as postgres:
        postgres.execute("CREATE DATABASE schedulers")
        yield server.rpartition("/")[0] + "/schedulers"
        postgres.execute("DROP DATABASE schedulers WITH (FORCE)")


SCHEDULER = """
import datetime, pathlib, sys, time, django
django.setup()
from portal.core import schedule
from portal.core.worker import WorkerContext
from portal.core.worker_loops import beat
me, folder = sys.argv[1], pathlib.Path(sys.argv[2])
schedule.jobs._entries.clear()
for number in range(5):
    def run(number=number):
        with (folder / f"job{number}").open("a") as lines:
            lines.write(me + "\\n")
        time.sleep(0.02)
    schedule.declare(f"tests.job{number}", every=datetime.timedelta(seconds=1), run=run, verbose_name="Essai")
beat(WorkerContext(me))
schedule.enter_declared_jobs()
(folder / f"ready-{me}").touch()
while len(list(folder.glob("ready-*"))) < 2:
    time.sleep(0.01)
end = time.monotonic() + 4
while time.monotonic() < end:
    schedule.run_due_jobs(worker_id=me)
    time.sleep(0.01)
"""


@pytest.mark.integration
def test_two_processes_share_the_work_and_double_nothing(tmp_path: Path, own_database: str) -> None:
    environment = environment_for(tmp_path, smtp_port=1, database_url=own_database)
    migrate(environment, tmp_path)
    processes = [
        subprocess.Popen([sys.executable, "-c", SCHEDULER, name, str(tmp_path)], env=environment) for name in ("a", "b")
    ]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    for number in range(5):
        lines = (tmp_path / f"job{number}").read_text().split()
        # At once, then every second for four seconds: one too many would be a double run.
        assert 3 <= len(lines) <= 5
