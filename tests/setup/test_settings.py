"""Settings: one table of variables, and a start that stops with a sentence when one is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.core.management.commands.settings_table import with_table
from portal.settings.variables import BASE_DIR, VARIABLES

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "SECRET_KEY": "test-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH",
    "BASE_URL": "https://portail.example",
    "ALLOWED_HOSTS": "portail.example",
    "DATABASE_URL": "postgres://portal:none@127.0.0.1/none",
    "EMAIL_URL": "smtp+tls://portal:none@127.0.0.1:587",
    "DEFAULT_FROM_EMAIL": "portail@portail.example",
    "CONTACT_EMAIL": "contact@portail.example",
}
REQUIRED = [variable.name for variable in VARIABLES if "production" in variable.required]


def run_in_production(*arguments: str, without: str = "", **changed: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a new process that has the variables of production and nothing else of ours."""
    variables = PRODUCTION | {"PATH": os.environ["PATH"]} | changed
    variables.pop(without, None)
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=BASE_DIR,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_readme_holds_the_table_of_variables() -> None:
    readme = (BASE_DIR / "README.md").read_text(encoding="utf-8")

    assert readme == with_table(readme), "run manage.py settings_table --write"
    assert all(f"| `{variable.name}` |" in readme for variable in VARIABLES)


def test_the_table_needs_its_markers() -> None:
    with pytest.raises(ValueError, match="settings_table"):
        with_table("# A README without a table")


@pytest.mark.integration
def test_production_settings_pass_the_deployment_checks() -> None:
    result = run_in_production("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


@pytest.mark.integration
@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_variable_stops_production_and_is_named(name: str) -> None:
    result = run_in_production("manage.py", "check", without=name)

    assert result.returncode != 0
    assert f"{name} is missing." in result.stderr


@pytest.mark.integration
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "too-short"),
        ("BASE_URL", "portail.example"),
        ("BASE_URL", "https://portail.example/"),
        ("DATABASE_URL", "mysql://portal@127.0.0.1/portal"),
        ("EMAIL_URL", "127.0.0.1:25"),
        ("REDIS_URL", "127.0.0.1"),
        ("PORTAL_THEME", "purple"),
        ("SEARCH_ENGINE", "none"),
        ("PAGE_CACHE", "perhaps"),
        ("HSTS_SECONDS", "a year"),
    ],
)
def test_a_wrong_variable_stops_production_and_is_named(name: str, value: str) -> None:
    result = run_in_production("manage.py", "check", **{name: value})

    assert result.returncode != 0
    assert f"{name} is wrong:" in result.stderr


@pytest.mark.integration
@pytest.mark.parametrize(
    ("changed", "expression", "expected"),
    [
        ({"REDIS_URL": "redis://127.0.0.1:6379/0"}, "CACHES['default']['LOCATION']", "redis://127.0.0.1:6379/0"),
        ({}, "CACHES['default']['BACKEND'].rsplit('.', 1)[1]", "DatabaseCache"),
        (
            {"MEDIA_BUCKET": "portal", "MEDIA_ENDPOINT_URL": "https://s3.example"},
            "STORAGES['private']['OPTIONS']['endpoint_url']",
            "https://s3.example",
        ),
        ({}, "EMAIL_USE_TLS, settings.EMAIL_PORT", "True 587"),
        ({}, "DATABASES['default']['ENGINE'].rsplit('.', 1)[1]", "postgresql"),
    ],
)
def test_variables_choose_the_services_of_production(changed: dict[str, str], expression: str, expected: str) -> None:
    result = run_in_production("-c", f"from django.conf import settings; print(settings.{expression})", **changed)

    assert result.stdout.strip() == expected, result.stderr


def test_the_demonstration_s_terminal_keeps_to_what_people_read(tmp_path: Path) -> None:
    """Where its address and its password stand, the libraries that make PDF would write forty lines a document."""
    asked = (
        "import logging, django; django.setup(); names = ['fontTools.ttLib', 'weasyprint.progress', 'wagtail'];"
        " print([name for name in names if logging.getLogger(name).isEnabledFor(logging.INFO)])"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=BASE_DIR,
        env={"PATH": os.environ["PATH"], "DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portal.settings.demo"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "[]"
