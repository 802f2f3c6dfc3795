"""A real SMTP server in a process of its own, that keeps each message as a file.

``python -m tests.support.smtp_server FOLDER PORT`` is the process; ``SmtpServer`` starts it.
"""

import asyncio
import email
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from contextlib import suppress
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

#: A recipient whose address starts with this is refused, to test what a refusal does.
REFUSED = "refuse@"
#: One whose address starts with this is told to come back later, as a greylisting server does.
LATER = "later@"


class SmtpServer:
    """The server as tests see it: its address, and what it has received."""

    START_SECONDS = 15

    def __init__(self, folder: Path) -> None:
        self.host = "127.0.0.1"
        self.folder = folder
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def settings(self) -> dict[str, Any]:
        """Return the Django settings that send mail here."""
        return {
            "OUTBOX_TRANSPORT": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": self.host,
            "EMAIL_PORT": self.port,
            "EMAIL_TIMEOUT": 10,
        }

    def start(self) -> None:
        """Start the process, and return when it answers. Its port stays the same after a stop."""
        if not self.port:
            with socket.socket() as probe:
                probe.bind((self.host, 0))
                self.port = probe.getsockname()[1]
        self.process = subprocess.Popen([sys.executable, "-m", __name__, str(self.folder), str(self.port)])
        limit = time.monotonic() + self.START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError("the SMTP server did not start")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the process: the port then refuses connections, as a broken-down server does."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=10)
            self.process = None

    def _answers(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex((self.host, self.port)) == 0

    def clear(self) -> None:
        """Forget the messages received so far."""
        for path in self.folder.glob("*.json"):
            path.unlink()

    @property
    def messages(self) -> list[EmailMessage]:
        """Return the messages received, oldest first, parsed."""
        sources = [envelope["data"].encode("utf-8", "surrogateescape") for envelope in self.envelopes]
        return [email.message_from_bytes(source, policy=default) for source in sources]

    @property
    def envelopes(self) -> list[dict[str, Any]]:
        """Return what each connection announced: ``from``, ``to`` and the raw ``data``."""
        return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(self.folder.glob("*.json"))]


class FileHandler:
    """aiosmtpd's handler: each accepted message becomes one JSON file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802  # aiosmtpd's name
        """Accept a recipient unless its address asks for something else."""
        if address.startswith(REFUSED):
            return "550 5.1.1 no such mailbox"
        if address.startswith(LATER):
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        """Store the message: written aside then renamed, so that a reader never sees half a file."""
        stored = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "data": envelope.content.decode("utf-8", "surrogateescape"),
        }
        path = self.folder / f"{time.time_ns()}-{secrets.token_hex(4)}.json"
        aside = path.with_suffix(".part")
        aside.write_text(json.dumps(stored), encoding="utf-8")
        aside.rename(path)
        return "250 OK"


async def serve(folder: Path, port: int) -> None:
    """Serve until terminated, or until the tests that started this process are gone."""
    # Here, not above: only the server's own process needs aiosmtpd.
    from aiosmtpd.smtp import SMTP

    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(FileHandler(folder), enable_SMTPUTF8=True, loop=loop),
        "127.0.0.1",
        port,
    )
    parent = os.getppid()
    async with server:
        while os.getppid() == parent:  # noqa: ASYNC110  # the end of a parent raises no event
            await asyncio.sleep(1)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
