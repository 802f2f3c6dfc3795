"""SIGKILL at random points: no message is lost, and a repeated one is recognised.

A short trial for each run of the tests; ``make crash`` carries out the long one.
"""

import os
import secrets
from pathlib import Path

import pytest

from tests.mail.crash.harness import Harness
from tests.support.postgres_server import PostgresServer

pytestmark = pytest.mark.integration

MESSAGES = 200
KILLS = 5


def run(tmp_path: Path, server: PostgresServer | None) -> None:
    # To repeat a run that failed: CRASH_SEED=… pytest tests/mail/test_crash.py
    seed = int(os.environ.get("CRASH_SEED") or secrets.randbelow(10**6))
    print(f"CRASH_SEED={seed}")  # noqa: T201 -- pytest shows it with a failure
    outcome = Harness(tmp_path, seed=seed, messages=MESSAGES, kills=KILLS, server=server).run()
    assert outcome.problems(messages=MESSAGES, kills=KILLS) == [], outcome


@pytest.mark.only_on("sqlite")
def test_kills_on_sqlite_lose_nothing(tmp_path: Path) -> None:
    run(tmp_path, None)


@pytest.mark.only_on("postgresql")
def test_kills_on_postgresql_lose_nothing(tmp_path: Path) -> None:
    server = PostgresServer()
    try:
        run(tmp_path, server)
    finally:
        server.remove()
