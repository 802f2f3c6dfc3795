"""People who all act at once: real requests to real server processes, on the database of the test."""

import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.test import Client

from portal.accounts.models import User
from tests.support.server import ROOT, free_port

#: Processes of the server, each with the threads that deploy/gunicorn.conf.py gives it.
PROCESSES = 3
#: Whoever waits longer than this has met a deadlock.
PATIENCE = 60
START_SECONDS = 60
CSRF = "c" * 32


@dataclass
class Visitor:
    """One browser of a member: signed in, with the token that forms need. Not for two threads."""

    port: int
    session: str
    #: What was answered: (status, where it leads).
    answers: list[tuple[int, str]] = field(default_factory=list)

    def get(self, path: str) -> tuple[int, str]:
        """Read a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, data: dict[str, Any]) -> tuple[int, str]:
        """Send a form."""
        return self._ask("POST", path, urlencode({**data, "csrfmiddlewaretoken": CSRF}))

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": f"session={self.session}; csrftoken={CSRF}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            asked.request(method, path, body, headers)
            response = asked.getresponse()
            response.read()
            self.answers.append((response.status, response.headers.get("Location", "")))
        finally:
            asked.close()
        return self.answers[-1]


def visitors(port: int, users: Sequence[User]) -> list[Visitor]:
    """Return the browsers of ``users``, signed in."""
    found = []
    for user in users:
        client = Client()
        client.force_login(user, backend="portal.accounts.backends.MemberBackend")
        found.append(Visitor(port, client.cookies["session"].value))
    return found


def all_at_once(works: Sequence[Callable[[], object]]) -> list[str]:
    """Carry out ``works``, a thread each, none before all are there; returns what they raised."""
    errors: list[str] = []
    begin = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        begin.wait()
        try:
            work()
        except Exception as error:  # noqa: BLE001 -- whatever comes is the finding
            errors.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


@contextmanager
def portal_in_processes(folder: Path) -> Iterator[int]:
    """Serve the portal on the test's database; yields its port, ends the server after."""
    port, log = free_port(), folder / "server.log"
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--preload"]
    command += [f"--bind=127.0.0.1:{port}", f"--workers={PROCESSES}", "--log-level=warning"]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.agenda.crowd_settings",
        "CROWD_DATABASE": str(connection.settings_dict["NAME"]),
    }
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        try:
            _wait_until_ready(process, port, log)
            yield port
            assert "Traceback" not in log.read_text(), log.read_text()[-4000:]
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    limit = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < limit:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
        try:
            asked.request("GET", "/robots.txt")
            asked.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            asked.close()
    raise RuntimeError(f"the server did not answer:\n{log.read_text()[-4000:]}")
