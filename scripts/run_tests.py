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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Run:
    """One pass of pytest."""

    title: str
    selection: str
    folder: str
    on_postgresql: bool = False
    in_browser: bool = False

    def command(self) -> list[str]:
        """Return the command line of this pass."""
        pytest = [sys.executable, "-m", "pytest", "-q", "-m", self.selection, self.folder]
        return [sys.executable, "scripts/with_postgres.py", *pytest] if self.on_postgresql else pytest

    def environment(self, data: Path) -> dict[str, str]:
        """Return the environment: data of its own, never those of a demo, and the browser where asked."""
        unwanted = ("TEST_DATABASE_URL", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PORT", "MAKEFLAGS", "MAKELEVEL")
        environment = {name: value for name, value in os.environ.items() if name not in unwanted}
        environment |= {"DATA": str(data), "TEST_ACCOUNT": str(data / "account.json")}
        if self.in_browser:
            environment |= {"CHROMIUM": chromium()} | node_for_playwright()
        return environment


RUNS = {
    "sqlite": Run("SQLite", "unit or integration", "tests"),
    "postgresql": Run("PostgreSQL", "unit or integration", "tests", on_postgresql=True),
    "chromium": Run("Chromium", "e2e", "tests/e2e", in_browser=True),
}


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


def carry_out(run: Run) -> tuple[int, dict[str, Any]]:
    """Run one pass; return its exit code and its account, empty where it never began."""
    print(f"\n→ Tests : {run.title}", flush=True)
    data = Path(tempfile.mkdtemp(prefix="portal-tests-"))
    try:
        code = subprocess.run(run.command(), env=run.environment(data), cwd=ROOT, check=False).returncode
        account = data / "account.json"
        return code, json.loads(account.read_text(encoding="utf-8")) if account.exists() else {}
    finally:
        shutil.rmtree(data, ignore_errors=True)


def counted(count: int, word: str) -> str:
    """Return the count and its word, in the plural from two on as French does."""
    return f"{count} {word}s" if count > 1 else f"{count} {word}"


def line_for(run: Run, account: dict[str, Any]) -> str:
    """Say in French how many tests ran on what."""
    failed = account.get("failed", 0) + account.get("errors", 0)
    parts = [counted(account.get("passed", 0), "réussi"), counted(account.get("skipped", 0), "ignoré")]
    if failed:
        parts.insert(1, f"{failed} en échec")
    if account.get("reserved"):
        parts.append(counted(account["reserved"], "réservé") + " à l’autre base")
    return f"{run.title} : {', '.join(parts)}"


def main(names: list[str]) -> int:
    """Carry out the runs, print the summary and return an honest exit code."""
    results = [(RUNS[name], *carry_out(RUNS[name])) for name in names]
    print()
    for _, _, account in results:
        for node_id, reason, allowed in account.get("skips", []):
            print(f"ignoré : {node_id} ({allowed or 'SANS AUTORISATION : ' + reason})")
    print(" · ".join(line_for(run, account) for run, _, account in results))
    totals = {key: sum(account.get(key, 0) for _, _, account in results) for key in ("passed", "skipped")}
    failed = sum(account.get("failed", 0) + account.get("errors", 0) for _, _, account in results)
    # A run that broke before any test, or that found none, is a failure too.
    broken = [run.title for run, code, account in results if code and not account.get("failed", 0)]
    for title in broken:
        print(f"✗ {title} : les tests ne se sont pas terminés normalement")
    print(f"{totals['passed']} passed, {max(failed, len(broken))} failed, {totals['skipped']} skipped", flush=True)
    return 1 if any(code for _, code, _ in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
