"""Compile the French catalogue, without GNU gettext, where it is newer than its compiled form."""

import os
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def compile_stale_catalogues(root: Path = ROOT) -> list[Path]:
    """Compile every stale locale/*/LC_MESSAGES/*.po, and return the files written.

    Raises OSError, naming file and line, on a catalogue that cannot be read.
    """
    written = []
    for source in sorted((root / "locale").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        # Written aside then renamed: a server that starts meanwhile never reads half a file.
        aside = target.with_suffix(f".mo.{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(aside))
        aside.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    try:
        compile_stale_catalogues()
    except OSError as error:
        sys.exit(f"✗ Le catalogue français est illisible : {error}")
