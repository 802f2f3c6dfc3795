"""A PostgreSQL of one's own, that may be killed: what the tests' shared one must never be."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from scripts.with_postgres import (
    UNPRIVILEGED,
    create_cluster,
    find_binaries,
    free_port,
    readable_binaries,
    start_server,
)

#: A commit is on the way to the disk before it is confirmed. The machine itself is not killed: no fsync.
HONEST = ("fsync=off", "synchronous_commit=on", "max_connections=40", "shared_buffers=64MB")


class PostgresServer:
    """One cluster in a temporary folder; ``kill`` ends it as a power cut of its machine would."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="portal-crash-", dir="/tmp" if UNPRIVILEGED else None))
        self.folder.chmod(0o755)
        self.binaries = readable_binaries(find_binaries(), self.folder)
        self.password, self.port = secrets.token_hex(16), free_port()
        self.data = create_cluster(self.binaries, self.folder, self.password)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"postgres://portal:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it; after a kill it first recovers by itself."""
        self.process = start_server(self.binaries, self.folder, self.data, self.port, HONEST)

    def kill(self) -> None:
        """SIGKILL to the server and all of its processes, and return when they are gone."""
        if self.process is None:
            return
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in [self.process.pid, *map(int, children)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.process = None
        while any(Path(f"/proc/{pid}").exists() for pid in children):
            time.sleep(0.01)

    def remove(self) -> None:
        """End it, and delete its files."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
