"""The folder of a demonstration: ``demo_data.py claim DATA`` or ``demo_data.py reset DATA``.

Standard library alone: resetting needs no environment. A folder without the mark is never touched.
"""

import fcntl
import shutil
import sys
from pathlib import Path

MARK = ".portal-demo"
#: What the demonstration writes; anything else in the folder is somebody's own.
FOLDERS = ("media", "private", "static", "mail")
FILES = (
    *("portal.sqlite3", "portal.sqlite3-wal", "portal.sqlite3-shm", "portal.sqlite3-journal"),
    *("secret-key", "demo-password"),
)
#: Made beside a demonstration by other commands; kept by a reset.
NEIGHBOURS = ("bench",)


def claim(data: Path) -> None:
    """Make the folder a demonstration's, unless it holds what no demonstration made."""
    if not (data / MARK).exists() and data.exists():
        strangers = sorted({path.name for path in data.iterdir()} - {*FOLDERS, *FILES, *NEIGHBOURS})
        if strangers:
            sys.exit(
                f"✗ {data} contient autre chose qu’une démonstration ({', '.join(strangers[:3])}). "
                "Choisissez un dossier neuf : make demo DATA=…",
            )
    data.mkdir(parents=True, exist_ok=True)
    (data / MARK).write_text("Données de la démonstration ; « make demo-reset » les efface.\n", encoding="utf-8")


def reset(data: Path) -> None:
    """Erase the demonstration in this folder, unless it is another folder or a server uses it."""
    if not data.exists():
        print(f"→ Rien à effacer : {data} n’existe pas.")
        return
    if not (data / MARK).is_file():
        sys.exit(f"✗ {data} n’est pas un dossier de démonstration (il y manque {MARK}) : rien n’a été effacé.")
    with (data / MARK).open(encoding="utf-8") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("✗ La démonstration est en marche : arrêtez-la d’abord (Ctrl-C dans son terminal).")
        _erase(data)


def _erase(data: Path) -> None:
    for name in FOLDERS:
        shutil.rmtree(data / name, ignore_errors=True)
    # The mark goes last: an interrupted reset can be run again.
    for name in (*FILES, MARK):
        (data / name).unlink(missing_ok=True)
    kept = sorted(path.name for path in data.iterdir())
    if kept:
        print(f"→ Démonstration effacée. Gardés dans {data} : {', '.join(kept)}")
    else:
        data.rmdir()
        print(f"→ Démonstration effacée de {data}.")


if __name__ == "__main__":
    {"claim": claim, "reset": reset}[sys.argv[1]](Path(sys.argv[2]))
