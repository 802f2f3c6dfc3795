"""Take the words out of a PDF: ``python -m search.extraction`` reads the file on stdin and writes its text.

A process of its own, since a file from outside may be made to take all memory or never to end.
"""

import io
import resource
import subprocess
import sys
from pathlib import Path

MAX_PAGES = 300
MAX_SIGNS = 400_000
MAX_MEMORY = 1024**3
MAX_SECONDS = 60


def extract_text(data: bytes) -> str:
    """Return the words of the PDF ``data``, "" where it has none that can be read.

    Raises subprocess.TimeoutExpired after ``MAX_SECONDS``.
    """
    done = subprocess.run(
        [sys.executable, "-m", "search.extraction"],
        input=data, capture_output=True, timeout=MAX_SECONDS, check=False, cwd=Path(__file__).resolve().parent.parent,
    )  # fmt: skip
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def main() -> int:
    """Read stdin, write the text; 1 where the file is not a PDF that can be read."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    import logging  # noqa: PLC0415 -- only in the process of its own

    from pypdf import PdfReader  # noqa: PLC0415

    logging.disable(logging.CRITICAL)
    length = 0
    try:
        for page in PdfReader(io.BytesIO(sys.stdin.buffer.read())).pages[:MAX_PAGES]:
            text = page.extract_text()[: MAX_SIGNS - length]
            length += len(text)
            sys.stdout.buffer.write(f"{text}\n".encode("utf-8", "replace"))
            if length >= MAX_SIGNS:
                break
    except Exception:  # noqa: BLE001 -- a broken file breaks the reader in any way
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
