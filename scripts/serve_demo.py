"""Serve the demonstration: gunicorn and the background worker side by side, in the foreground.

``serve_demo.py`` runs until SIGINT or SIGTERM; ``serve_demo.py --check-port`` only says whether the
port is free. PORT and DATA come from the environment.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
PORT = int(os.environ["PORT"]) if os.environ.get("PORT", "").isdigit() else 0
DATA = Path(os.environ.get("DATA", ROOT / "var"))
ADDRESS = f"http://127.0.0.1:{PORT}"
START_SECONDS = 60
STOP_SECONDS = 20
#: A worker that dies at once again and again must not keep a core busy.
RESTART_PAUSE_SECONDS = 2

# What production runs, on this machine's loopback alone.
WEB = [
    *(sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"),
    *(f"--bind=127.0.0.1:{PORT}", "--log-level=warning"),
]
WORKER = [sys.executable, "manage.py", "worker"]


def fail(message: str) -> None:
    """Stop with one sentence for the person at the keyboard."""
    print(f"✗ {message}", file=sys.stderr, flush=True)
    raise SystemExit(1)


def check_port() -> None:
    """Stop with a clear message where another program holds the port."""
    if not 0 < PORT < 65536:
        fail(f"PORT doit être un nombre entre 1 et 65535, pas « {os.environ.get('PORT', '')} ».")
    with socket.socket() as probe:
        # As gunicorn does: a port that a stopped server has just left is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except PermissionError:
            fail(f"Le port {PORT} est réservé. Choisissez-en un autre : make demo PORT=8080")
        except OSError:
            fail(
                f"Le port {PORT} est déjà utilisé par un autre programme. "
                f"Arrêtez-le, ou choisissez un autre port : make demo PORT={PORT + 1 if PORT < 65535 else 8000}",
            )


class Demo:
    """The two processes, from start to stop."""

    def __init__(self) -> None:
        self.stopping = False
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, self.ask_to_stop)
        self.web = self.start(WEB)
        self.worker = self.start(WORKER)
        self.worker_started_at = time.monotonic()

    @staticmethod
    def start(command: list[str]) -> subprocess.Popen[bytes]:
        """Start one process, in a group of its own: Ctrl-C reaches it through us, once."""
        return subprocess.Popen(command, cwd=ROOT, start_new_session=True)

    def ask_to_stop(self, signum: int, frame: FrameType | None) -> None:
        """Remember the signal; the loop does the rest."""
        self.stopping = True

    def wait_until_ready(self) -> None:
        """Return when the health page finds database, migrations and worker; stop if it never does."""
        limit = time.monotonic() + START_SECONDS
        while not self.stopping and not _is_healthy():
            if self.web.poll() is not None or time.monotonic() > limit:
                self.stop()
                fail("Le serveur n’a pas démarré ; la raison est affichée ci-dessus.")
            time.sleep(0.2)

    def watch(self) -> int:
        """Keep both running until asked to stop; return the exit code."""
        while not self.stopping:
            if self.web.poll() is not None:
                self.stop()
                print(f"✗ Le serveur s’est arrêté tout seul (code {self.web.returncode}).", file=sys.stderr)
                return 1
            if self.worker.poll() is not None:
                self.restart_worker()
            time.sleep(0.5)
        print("\n→ Arrêt…", flush=True)
        self.stop()
        return 0

    def restart_worker(self) -> None:
        """Replace a dead worker, after a pause where it had hardly begun."""
        print(f"→ Le worker s’est arrêté (code {self.worker.returncode}), il redémarre.", file=sys.stderr, flush=True)
        if time.monotonic() - self.worker_started_at < RESTART_PAUSE_SECONDS:
            time.sleep(RESTART_PAUSE_SECONDS)
        self.worker = self.start(WORKER)
        self.worker_started_at = time.monotonic()

    def stop(self) -> None:
        """End both: the requests and the task under way finish, within a limit."""
        running = [process for process in (self.web, self.worker) if process.poll() is None]
        for process in running:
            process.terminate()
        limit = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(timeout=max(0.1, limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _is_healthy() -> bool:
    try:
        with urllib.request.urlopen(f"{ADDRESS}/sante/", timeout=5) as answer:  # noqa: S310  # our own loopback address
            return bool(answer.status == 200)
    except OSError:
        return False


def announce() -> None:
    """Tell where the portal is; load_demo has just told who may sign in."""
    lines = [
        "",
        f"Le portail est prêt : {ADDRESS} (connexion : {ADDRESS}/connexion/)",
        f"Données et e-mails envoyés : {DATA} · Ctrl-C pour arrêter · « make demo-reset » pour repartir de zéro",
    ]
    print("\n".join(lines), flush=True)


def main() -> int:
    """Serve, and return the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.demo")
    with (DATA / ".portal-demo").open() as mark:
        # demo-reset waits for no one: it refuses while this lock is held.
        fcntl.flock(mark, fcntl.LOCK_SH)
        demo = Demo()
        demo.wait_until_ready()
        if not demo.stopping:
            announce()
        return demo.watch()


if __name__ == "__main__":
    check_port()
    sys.exit(0 if "--check-port" in sys.argv[1:] else main())
