"""Run the tests on what is asked: ``run_tests.py sqlite postgresql chromium``, then say what ran.

Each run is a pytest of its own, whose plugin tests.support.accounting hands over exact counts.
The last line is the plain one that continuous integration reads: ``N passed, N failed, N skipped``.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent


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
        return [sys.executable, "scripts/with_postgres.py", *pytest] if self.on_postgresql else pytest

    def environment(self, data: Path) -> dict[str, str]:
        """Return the environment: data of its own, never those of a demo, and the browser where asked."""
        unwanted = ("TEST_DATABASE_URL", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PORT", "MAKEFLAGS", "MAKELEVEL")
        environment = {name: value for name, value in os.environ.items() if name not in unwanted}
        environment |= {"DATA": str(data), "TEST_ACCOUNT": str(data / "account.json")}
        if self.in_browser:
            environment |= {"CHROMIUM": chromium()} | node_for_playwright()
        return environment


def halves_of_the_journeys() -> tuple[Run, ...]:
    """Return the two halves of the journeys, each with a portal of its own: a browser often waits."""
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


def carry_out(run: Run, *, output: IO[str] | None = None) -> tuple[int, dict[str, Any]]:
    """Run one pass; return its exit code and its account, empty where it never began.

    What pytest prints goes to ``output`` where one is given, to show it later.
    """
    print(f"\n→ Tests : {run.title}", flush=True, file=output)
    data = Path(tempfile.mkdtemp(prefix="portal-tests-"))
    try:
        command, environment = run.command(), run.environment(data)
        code = subprocess.run(
            command, env=environment, cwd=ROOT, check=False, stdout=output, stderr=output and subprocess.STDOUT
        ).returncode
        account = data / "account.json"
        return code, json.loads(account.read_text(encoding="utf-8")) if account.exists() else {}
    finally:
        shutil.rmtree(data, ignore_errors=True)


def carry_out_together(runs: list[Run]) -> list[tuple[int, dict[str, Any]]]:
    """Run passes side by side, a core each; the first speaks as it goes, the others when they are done."""
    first, *others = runs
    with ThreadPoolExecutor(max_workers=len(runs)) as pool, ExitStack() as files:
        outputs = [files.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8")) for _run in others]
        if others:
            if first.in_browser:
                chromium()  # Once, before both want to install it.
            print("→ En même temps : " + ", ".join(run.title for run in others), flush=True)
        waiting = [pool.submit(carry_out, run, output=output) for run, output in zip(others, outputs, strict=True)]
        results = [carry_out(first), *(future.result() for future in waiting)]
        for output in outputs:
            output.seek(0)
            print(output.read(), flush=True)
    return results


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


def merged(results: list[tuple[Run, int, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Return one account for each title, in the order of the runs."""
    found: dict[str, dict[str, Any]] = {}
    for run, _code, account in results:
        known = found.setdefault(run.title, {})
        for key, value in account.items():
            known[key] = known[key] + value if key in known else value
    return found


def main(names: list[str]) -> int:
    """Carry out the runs, print the summary and return an honest exit code."""
    wanted = [run for name in names for run in RUNS[name]]
    results = []
    # The browsers come last and by themselves: their waits are bounded by the clock.
    for together in ([run for run in wanted if not run.in_browser], [run for run in wanted if run.in_browser]):
        if together:
            results += [(run, *found) for run, found in zip(together, carry_out_together(together), strict=True)]
    accounts = merged(results)
    print()
    for account in accounts.values():
        for node_id, reason, allowed in account.get("skips", []):
            print(f"ignoré : {node_id} ({allowed or 'SANS AUTORISATION : ' + reason})")
    print(" · ".join(line_for(title, account) for title, account in accounts.items()))
    totals = {key: sum(found.get(key, 0) for found in accounts.values()) for key in ("passed", "skipped")}
    failed = sum(account.get("failed", 0) + account.get("errors", 0) for account in accounts.values())
    # A run that broke before any test, or that found none, is a failure too.
    broken = [run.title for run, code, account in results if code and not account.get("failed", 0)]
    for title in broken:
        print(f"✗ {title} : les tests ne se sont pas terminés normalement")
    print(f"{totals['passed']} passed, {max(failed, len(broken))} failed, {totals['skipped']} skipped", flush=True)
    return 1 if any(code for _, code, _ in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
