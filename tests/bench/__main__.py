"""Measure the pages: ``python -m tests.bench`` (``make bench``); docs/guide/bench.md explains the figures."""

import argparse
import os
import signal
import sys
import time
from pathlib import Path

from tests.bench.database import opened
from tests.bench.inside import run_inside
from tests.bench.report import write_report
from tests.bench.run import Options, Run, say

ROOT = Path(__file__).resolve().parents[2]


def names(text: str) -> tuple[str, ...]:
    """Read a list separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def sizes(text: str) -> tuple[int, ...]:
    """Read sizes in ascending order: data only grow."""
    found = tuple(int(part) for part in names(text))
    if not found or list(found) != sorted(set(found)) or found[0] < 1:
        raise argparse.ArgumentTypeError("des nombres croissants : 57,570")
    return found


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Mesure le temps de calcul des pages.")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--sizes", type=sizes, default=(57, 570), help="nombres de fiches ; le dernier en entier")
    parser.add_argument("--only", type=names, default=(), metavar="PAGES", help="ces pages seulement : home,list")
    parser.add_argument("--quick", action="store_true", help="mesures brèves, pour mettre au point")
    parser.add_argument("--keep", action="store_true", help="garde les données de la mesure précédente (SQLite)")
    parser.add_argument("--seed", type=int, default=2019, help="graine du tirage des données")
    parser.add_argument("--profile", metavar="PAGE", help="montre où passe le temps d’une page, sans rien mesurer")
    parser.add_argument("--role", default="visitor", help="lecteur de --profile : visitor, member ou administrator")
    found = parser.parse_args(arguments)
    if found.keep and found.database != "sqlite":
        parser.error("--keep : la base PostgreSQL disparaît avec la mesure")
    return found


def options_of(arguments: argparse.Namespace) -> Options:
    """Return what was asked, with the folder of the results: DATA/bench."""
    folder = Path(os.environ.get("DATA") or ROOT / "var").resolve() / "bench"
    (folder / "data").mkdir(parents=True, exist_ok=True)
    chosen = {name: getattr(arguments, name) for name in ("database", "sizes", "seed", "only", "quick", "keep")}
    return Options(folder=folder, **chosen)


def show_profile(run: Run, page: str, role: str) -> int:
    """Print the profile of one page."""
    run.prepare(run.options.sizes[-1])
    plan = run.options.folder / "plan.json"
    run_inside("probe", "profile", str(plan), page, role, environment=run.environment)
    plan.unlink()
    return 0


def measure(run: Run) -> int:
    """Measure, report, and return 1 if something could not be measured; a missed target is no error."""
    started = time.monotonic()
    results = run.carry_out()
    text = write_report(run.options, results, time.monotonic() - started)
    sys.stdout.write(f"\n{text}")
    say(f"Écrit dans {run.options.folder}")
    return 1 if results.errors else 0


def main(arguments: list[str]) -> int:
    """Do what the command line says."""
    asked = parse(arguments)
    options = options_of(asked)
    # A plain SIGTERM would end Python without stopping the servers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with opened(options.database, options.data, keep=options.keep) as database:
        run = Run(options, database)
        try:
            return show_profile(run, asked.profile, asked.role) if asked.profile else measure(run)
        except (RuntimeError, ValueError) as error:
            sys.stderr.write(f"✗ {error}\n")
            return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
