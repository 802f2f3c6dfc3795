"""The tools that everybody leans on: make help, locked dependencies, with_postgres, accounting."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from portal.settings.variables import BASE_DIR
from tests.support import accounting

COMMANDS = ["demo", "demo-reset", "test", "test-unit", "test-e2e", "crash", "check", "bench", "search-quality", "fmt"]


def test_make_help_lists_the_commands() -> None:
    shown = subprocess.run(["make", "help"], cwd=BASE_DIR, capture_output=True, text=True, check=True).stdout

    assert re.findall(r"^  make ([a-z0-9-]+) ", shown, re.MULTILINE) == COMMANDS


@pytest.mark.parametrize("name", ["base", "dev", "postgres", "production", "uv"])
def test_python_dependencies_are_locked_with_hashes_and_name_no_registry(name: str) -> None:
    text = (BASE_DIR / f"requirements/{name}.txt").read_text(encoding="utf-8")
    requirements = re.findall(r"^[a-z0-9].*?(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)

    assert requirements
    assert all("==" in requirement and "--hash=sha256:" in requirement for requirement in requirements)
    assert "://" not in text


@pytest.mark.parametrize("folder", ["", "requirements/chromium/"])
def test_npm_dependencies_are_locked_and_name_no_registry(folder: str) -> None:
    packages = json.loads((BASE_DIR / f"{folder}package-lock.json").read_text(encoding="utf-8"))["packages"]

    assert len(packages) > 1
    assert not any("resolved" in package for package in packages.values())
    assert all("integrity" in package for path, package in packages.items() if path)


@pytest.mark.integration
@pytest.mark.only_on("sqlite")
def test_with_postgres_gives_a_server_passes_the_exit_code_and_leaves_nothing() -> None:
    code = (
        "import os, sys, psycopg\n"
        "with psycopg.connect(os.environ['TEST_DATABASE_URL']) as connection:\n"
        "    connection.execute('create extension unaccent; create extension pg_trgm')\n"
        "    print(connection.execute('show data_directory').fetchone()[0])\n"
        "sys.exit(3)"
    )
    result = subprocess.run(
        [sys.executable, "scripts/with_postgres.py", sys.executable, "-c", code],
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 3, result.stderr
    folder = Path(result.stdout.strip())
    assert folder.name == "data"
    assert not folder.parent.exists()


def run_pytest(folder: Path, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run these tests in a pytest of their own, with our accounting."""
    (folder / "test_sample.py").write_text(code)
    # No settings of ours: the sample needs no Django.
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n  only_on(database)\n  unit\n  integration\n  e2e\n")
    return subprocess.run(
        [*(sys.executable, "-m", "pytest", "-p", "tests.support.accounting", "-p", "no:django"), str(folder)],
        cwd=BASE_DIR,
        env={**os.environ, "TEST_DATABASE_URL": "", "TEST_ACCOUNT": str(folder / "account.json"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


SKIPPING = "import pytest\ndef test_a(): pass\ndef test_b(): pytest.skip('no time')\n"


def test_a_skip_that_nobody_allowed_fails_the_run(tmp_path: Path) -> None:
    result = run_pytest(tmp_path, SKIPPING)

    assert result.returncode == 1
    assert "SKIPPED AND NOT ALLOWED" in result.stdout
    account = json.loads((tmp_path / "account.json").read_text(encoding="utf-8"))
    assert (account["passed"], account["skipped"]) == (1, 1)


def test_every_way_to_skip_is_seen(tmp_path: Path) -> None:
    (tmp_path / "test_module.py").write_text("import pytest\npytest.importorskip('no_such_module')\n")
    code = "import pytest\n@pytest.mark.xfail\ndef test_a(): assert False\n@pytest.mark.skip\ndef test_b(): pass\n"
    result = run_pytest(tmp_path, code)

    assert result.returncode == 1
    assert result.stdout.count("SKIPPED AND NOT ALLOWED") == 3


def test_a_test_of_the_other_database_is_counted_as_reserved(tmp_path: Path) -> None:
    code = "import pytest\n@pytest.mark.only_on('postgresql')\ndef test_a(): pass\ndef test_b(): pass\n"
    result = run_pytest(tmp_path, code)

    account = json.loads((tmp_path / "account.json").read_text(encoding="utf-8"))
    assert result.returncode == 0
    assert (account["passed"], account["reserved"]) == (1, 1)


def test_an_allowed_skip_has_its_explanation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(accounting.ALLOWED_SKIPS, "tests/e2e/test_print.py::*", "no printer")

    assert accounting.explanation_of("tests/e2e/test_print.py::test_page") == "no printer"
    assert accounting.explanation_of("tests/e2e/test_other.py::test_page") is None


def test_a_warning_outside_the_tests_fails_the_run_too(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("import warnings\nwarnings.warn('old', DeprecationWarning)\n")
    result = run_pytest(tmp_path, "def test_a(): pass\n")

    assert result.returncode == 1
    assert "WARNING, and so an error" in result.stdout
