"""How well search finds, and what it costs: ``python -m tests.search_quality`` (see docs/guide/search.md).

The settings are those of the tests, with a database of its own in ``var/search-quality/``; with
``--database postgres`` a throw-away PostgreSQL, or the one that TEST_DATABASE_URL names.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "search-quality"


def main() -> int:
    """Measure, print the tables, keep them for the next run."""
    arguments = _parser().parse_args()
    if arguments.database == "postgres" and "TEST_DATABASE_URL" not in os.environ:
        command = [
            sys.executable,
            "scripts/with_postgres.py",
            sys.executable,
            "-m",
            "tests.search_quality",
            *sys.argv[1:],
        ]
        return subprocess.run(command, cwd=ROOT, check=False).returncode
    if arguments.database == "sqlite":
        os.environ.pop("TEST_DATABASE_URL", None)
    os.environ["DATA"] = str(FOLDER / f"data-{arguments.database}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    Path(os.environ["DATA"]).mkdir(parents=True, exist_ok=True)

    import django

    django.setup()
    from tests.search_quality import measure

    before = FOLDER / f"latest-{arguments.database}.json"
    try:
        report = measure.run(FOLDER, database=arguments.database, speed=arguments.speed)
    except RuntimeError as error:
        print(f"search-quality: {error}", file=sys.stderr)  # noqa: T201
        return 1
    print(measure.table(report, json.loads(before.read_text()) if before.exists() else None))  # noqa: T201
    if arguments.speed is None:
        before.write_text(json.dumps(report, ensure_ascii=False, indent=2))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.search_quality", description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument(
        "--speed",
        type=int,
        nargs="?",
        const=100_000,
        metavar="N",
        help="measure CPU times over N documents (100,000) instead",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
