"""Run the tests on what is asked: ``run_tests.py sqlite postgresql chromium``, then say what ran.

Each run is a pytest of its own, whose plugin tests.support.accounting hands over exact counts. Two go
side by side, in the order in which they stand: more would only wait for the processors and for each other.
The last line is the plain one that continuous integration reads: ``N passed, N failed, N skipped``.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
#: As many as the machine of continuous integration has processors.
AT_ONCE = 2
#: What needs no browser leaves it the processors: its waits are bounded by the clock.
GIVE_WAY = ("nice", "-n", "5")
#: Seconds between two lines that tell how far the passes are.
TELL_EVERY = 60


@dataclass(frozen=True)
class Run:
    """One pass of pytest."""

    title: str
    selection: str
    paths: tuple[str, ...] = ("tests",)
    on_postgresql: bool = False
    in_browser: bool = False

    def command(self) -> list[str]:
        """Return the command line of this pass."""
        pytest = [sys.executable, "-m", "pytest", "-q", "-m", self.selection, *self.paths]
        if self.on_postgresql:
            return [*GIVE_WAY, sys.executable, "scripts/with_postgres.py", *pytest]
        return pytest if self.in_browser else [*GIVE_WAY, *pytest]

    def environment(self, data: Path, demo: Path | None) -> dict[str, str]:
        """Return the environment: data of its own, and the browser and a demo to copy where it needs them."""
        environment = plain_environment() | {"DATA": str(data), "TEST_ACCOUNT": str(data / "account.json")}
        if self.in_browser:
            environment |= {"CHROMIUM": chromium()} | node_for_playwright()
        return environment | ({"DEMO_TO_COPY": str(demo)} if demo else {})


def halves_of_the_journeys() -> tuple[Run, ...]:
    """Return the two halves of the journeys, each with a portal of its own."""
    files = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests/e2e").glob("test_*.py"))
    return tuple(Run("Chromium", "e2e", tuple(half), in_browser=True) for half in (files[::2], files[1::2]))


RUNS = {
    "sqlite": (Run("SQLite", "unit or integration"),),
    "postgresql": (Run("PostgreSQL", "integration", on_postgresql=True),),
    "chromium": halves_of_the_journeys(),
}


@cache
def chromium() -> str:
    """Return the path of a Chromium, installed first where it may be; stop where there is none."""
    found = subprocess.run([ROOT / "scripts/chromium.sh"], stdout=subprocess.PIPE, text=True, check=False, cwd=ROOT)
    if found.returncode:
        raise SystemExit(found.returncode)
    return found.stdout.strip().splitlines()[-1]


def node_for_playwright() -> dict[str, str]:
    """Name the machine's Node to Playwright where it is recent enough: its own needs libatomic1."""
    node = shutil.which("node")
    if node is None:
        return {}
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return {"PLAYWRIGHT_NODEJS_PATH": node} if int(version.lstrip("v").split(".")[0]) >= 20 else {}


def plain_environment() -> dict[str, str]:
    """Return the environment without what would lead the tests to somebody's data."""
    unwanted = ("TEST_DATABASE_URL", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PORT", "MAKEFLAGS", "MAKELEVEL")
    return {name: value for name, value in os.environ.items() if name not in unwanted}


@dataclass(frozen=True)
class Outcome:
    """How a pass ended: its exit code, its account (empty where it never began) and what it printed."""

    run: Run
    code: int
    account: dict[str, Any]
    output: str = ""


def carry_out(run: Run, log: Path, demo: Path | None) -> Outcome:
    """Run one pass, which prints into ``log``, and say when it is done."""
    data, started = Path(tempfile.mkdtemp(prefix="portal-tests-")), time.monotonic()
    try:
        with log.open("w", encoding="utf-8") as output:
            command, environment = run.command(), run.environment(data, demo)
            code = subprocess.run(
                command, env=environment, cwd=ROOT, check=False, stdout=output, stderr=subprocess.STDOUT
            ).returncode
        account = data / "account.json"
        counts = json.loads(account.read_text(encoding="utf-8")) if account.exists() else {}
        told = line_for(run.title, counts) if counts else f"{run.title} : rien n’a tourné"
        print(f"→ {told} ({time.monotonic() - started:.0f} s)", flush=True)
        return Outcome(run, code, counts, log.read_text(encoding="utf-8"))
    finally:
        shutil.rmtree(data, ignore_errors=True)


def make_demo(folder: Path) -> Path | None:
    """Make the demo that every browser's portal is a copy of; None where that fails, and the tests tell why."""
    print("→ Démonstration pour les navigateurs…", flush=True)
    command = [sys.executable, "-m", "tests.support.server", str(folder)]
    environment = plain_environment() | {"DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    done = subprocess.run(command, env=environment, cwd=ROOT, check=False)
    return None if done.returncode else folder


def carry_out_all(runs: list[Run]) -> list[Outcome]:
    """Run all passes, ``AT_ONCE`` side by side, and tell how far those are that have begun.

    The demo comes before SQLite, which begins with the migrated database that the demo leaves behind.
    """
    print("→ Tests : " + ", ".join(run.title for run in runs), flush=True)
    begun: dict[Run, Future[Outcome]] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool, tempfile.TemporaryDirectory(prefix="portal-run-") as folder:
        logs = {run: Path(folder) / f"{place}.log" for place, run in enumerate(runs)}
        for run in runs:
            if run.on_postgresql:
                begun[run] = pool.submit(carry_out, run, logs[run], None)
        demo = None
        if any(run.in_browser for run in runs):
            chromium()  # Once, before both want to install it.
            demo = make_demo(Path(folder) / "demo")
        for run in runs:
            if run not in begun:
                begun[run] = pool.submit(carry_out, run, logs[run], demo if run.in_browser else None)
        while waiting := wait(begun.values(), timeout=TELL_EVERY).not_done:
            still = [run for run in runs if begun[run] in waiting and logs[run].exists()]
            print("  " + " · ".join(f"{run.title} {progress(logs[run])}" for run in still), flush=True)
        return [begun[run].result() for run in runs]


def progress(log: Path) -> str:
    """Return the last percentage that a pass has printed."""
    found = re.findall(r"\[ *(\d+)%\]", log.read_text(encoding="utf-8"))
    return f"{found[-1] if found else 0} %"


def counted(count: int, word: str) -> str:
    """Return the count and its word, in the plural from two on as French does."""
    return f"{count} {word}s" if count > 1 else f"{count} {word}"


def line_for(title: str, account: dict[str, Any]) -> str:
    """Say in French how many tests ran on what."""
    failed = account.get("failed", 0) + account.get("errors", 0)
    parts = [counted(account.get("passed", 0), "réussi"), counted(account.get("skipped", 0), "ignoré")]
    if failed:
        parts.insert(1, f"{failed} en échec")
    if account.get("reserved"):
        parts.append(counted(account["reserved"], "réservé") + " à l’autre base")
    return f"{title} : {', '.join(parts)}"


def merged(outcomes: list[Outcome]) -> dict[str, dict[str, Any]]:
    """Return one account for each title, in the order of the runs."""
    found: dict[str, dict[str, Any]] = {}
    for outcome in outcomes:
        known = found.setdefault(outcome.run.title, {})
        for key, value in outcome.account.items():
            known[key] = known[key] + value if key in known else value
    return found


def main(names: list[str]) -> int:
    """Carry out the runs, print the summary and return an honest exit code."""
    outcomes = carry_out_all([run for name in names for run in RUNS[name]])
    for outcome in outcomes:
        # Where all is well, its line has said so.
        if outcome.code:
            print(f"\n✗ {outcome.run.title} {' '.join(outcome.run.paths)}\n{outcome.output}", flush=True)
    accounts = merged(outcomes)
    print()
    for account in accounts.values():
        for node_id, reason, allowed in account.get("skips", []):
            print(f"ignoré : {node_id} ({allowed or 'SANS AUTORISATION : ' + reason})")
    print(" · ".join(line_for(title, account) for title, account in accounts.items()))
    totals = {key: sum(found.get(key, 0) for found in accounts.values()) for key in ("passed", "skipped")}
    failed = sum(account.get("failed", 0) + account.get("errors", 0) for account in accounts.values())
    # A run that broke before any test, or that found none, is a failure too.
    broken = [outcome.run.title for outcome in outcomes if outcome.code and not outcome.account.get("failed", 0)]
    for title in broken:
        print(f"✗ {title} : les tests ne se sont pas terminés normalement")
    print(f"{totals['passed']} passed, {max(failed, len(broken))} failed, {totals['skipped']} skipped", flush=True)
    return 1 if any(outcome.code for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
