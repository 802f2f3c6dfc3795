"""A migrated SQLite database, kept from one run to the next: migrations take longer than most test files.

It is named by a fingerprint of every migration and of the locked packages, whose own migrations
it holds too; a change in either makes another one. PostgreSQL always runs the migrations.
"""

import hashlib
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection

FOLDER = settings.BASE_DIR / "var" / "tests"
#: Of other branches and older days.
MOST_KEPT = 3


def _kept_file() -> Path:
    fingerprint = hashlib.sha256((settings.BASE_DIR / "requirements" / "dev.txt").read_bytes())
    for app in ("agenda", "directory", "forum", "portal", "project_sheets", "search"):
        for migration in sorted((settings.BASE_DIR / app).rglob("migrations/*.py")):
            fingerprint.update(str(migration.relative_to(settings.BASE_DIR)).encode() + migration.read_bytes())
    return FOLDER / f"{fingerprint.hexdigest()[:16]}.sqlite3"


def _test_file() -> Path | None:
    name = connection.settings_dict.get("TEST", {}).get("NAME") if connection.vendor == "sqlite" else None
    return Path(name) if name else None


def lay_kept_database() -> bool:
    """Put the kept database where the tests expect theirs; False where there is none, or one is there already."""
    wanted = _test_file()
    return wanted is not None and lay_kept_database_at(wanted)


def lay_kept_database_at(wanted: Path) -> bool:
    """Put a copy of the kept database at ``wanted``; False where there is none, or a file is there already."""
    kept = _kept_file()
    if wanted.exists() or not kept.exists():
        return False
    _copy(kept, wanted)
    return True


def keep_database() -> None:
    """Keep the tests' database, which has just been migrated, and nothing else yet."""
    made = _test_file()
    if made is not None and made.exists():
        keep_database_at(made)


def keep_database_at(made: Path) -> None:
    """Keep a copy of ``made``, migrated and empty, unless one is kept already; drop the oldest ones."""
    kept = _kept_file()
    if kept.exists():
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        # Whole or not at all: another run may be looking.
        copy = Path(folder) / "copy"
        _copy(made, copy)
        copy.replace(kept)
    for old in sorted(FOLDER.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-MOST_KEPT]:
        old.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    """Copy with SQLite's own backup: what stands in the write-ahead log comes along."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)
