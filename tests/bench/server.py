"""The servers under measurement: gunicorn with the portal's own configuration."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


@dataclass(frozen=True)
class Application:
    """What gunicorn serves, and the settings it does it with."""

    wsgi: str
    settings: str


PORTAL = Application("portal.wsgi:application", "tests.bench.settings")
HELLO = Application("tests.bench.hello.wsgi:application", "tests.bench.hello.settings")


def free_port() -> int:
    """Return a loopback port that nothing listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """A running server."""

    pid: int
    port: int


@contextmanager
def serving(application: Application, *, workers: int, environment: dict[str, str], log: Path) -> Iterator[Server]:
    """Run ``application`` in ``workers`` processes of 4 threads; ends it with the block."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", application.wsgi]
    # No renewal of processes in the middle of a measurement.
    command += [f"--bind=127.0.0.1:{port}", "--log-level=warning", "--max-requests=0"]
    variables = {"DJANGO_SETTINGS_MODULE": application.settings, "WEB_CONCURRENCY": str(workers)}
    with log.open("a") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment, **variables}, stdout=output, stderr=output
        )
        try:
            _wait_until_ready(process, port, log)
            yield Server(process.pid, port)
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    limit = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < limit:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
        try:
            # Whatever it answers: an address that no page has is enough to load the application.
            connection.request("GET", "/adresse-inconnue/")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError(f"the server did not answer:\n{log.read_text(errors='replace')[-4000:]}")
