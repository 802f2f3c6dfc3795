"""The portal as people get it: demo content served by gunicorn, one process tree a theme."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from scripts.compile_catalogue import compile_stale_catalogues
from tests.support.migrated import keep_database_at, lay_kept_database_at

ROOT = Path(__file__).resolve().parents[2]
DEMO_PASSWORD = "Une-longue-phrase-de-test"


def free_port() -> int:
    """Return a loopback port that nothing listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def demo_environment(data: Path, **extra: str) -> dict[str, str]:
    """Return the environment of a demo whose data live in ``data``."""
    kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "TEST_DATABASE_URL"}}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "tests.support.demo_settings",
        "DATA": str(data),
        "DEMO_PASSWORD": DEMO_PASSWORD,
        **extra,
    }


def manage(*arguments: str, env: dict[str, str]) -> None:
    """Run a management command in its own process; raises with its output if it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")


def build_demo(data: Path) -> None:
    """Make a whole demo: database, content, static files."""
    # The demonstration's own settings: no others may load it.
    env = demo_environment(data, DJANGO_SETTINGS_MODULE="portal.settings.demo")
    data.mkdir(parents=True, exist_ok=True)
    compile_stale_catalogues()
    # Where a migrated database is kept, migrate finds nothing to do in its copy.
    lay_kept_database_at(data / "portal.sqlite3")
    manage("migrate", "--verbosity=0", env=env)
    keep_database_at(data / "portal.sqlite3")
    manage("createcachetable", env=env)
    manage("load_demo", env=env)
    manage("collectstatic", "--noinput", "--verbosity=0", env=demo_environment(data))


@contextmanager
def served(data: Path, theme: str, *, port: int = 0, **extra: str) -> Iterator[str]:
    """Serve the demo of ``data`` in ``theme``, at a port of one's own or a free one; ends the server after.

    Yields its address. ``extra`` are variables of its environment besides.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--log-level", "warning"]
    environment = demo_environment(data, PORTAL_THEME=theme, **extra)
    log_path = data / f"server-{port}.log"
    log = log_path.open("w")
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/connexion/", process, log_path)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=10)
        log.close()


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the server did not answer at {url}:\n{log.read_text()[-4000:]}")


if __name__ == "__main__":
    build_demo(Path(sys.argv[1]))
