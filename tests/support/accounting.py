"""Pytest plugin: every test is of one kind, and none is skipped without saying why.

A skip or an expected failure passes only if ALLOWED_SKIPS explains it, and is printed then;
any other fails the run. A test marked ``only_on`` is reserved to one database: it is deselected
on the other, where it would test nothing, and counted.

With TEST_ACCOUNT in the environment, the counts are written there as JSON for run_tests.py.
"""

import json
import os
import warnings
from collections import Counter
from collections.abc import Generator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

#: Node id (a pattern) of a test that may be skipped or expected to fail → why.
ALLOWED_SKIPS: dict[str, str] = {
    "tests/search/test_engine_contract.py::*[[]elasticsearch]": "not run: ELASTICSEARCH_URL names no server",
}

#: Folder or file → the one database on which ``make test`` plays it: pages and forms whose SQL others test on both.
#: Each database has its share, so that both passes last as long. A folder that is run by itself runs on any.
PLAYED_ON: dict[str, str] = {
    "tests/accounts/test_": "sqlite",
    "tests/agenda/test_crowd.py": "postgresql",
    "tests/agenda/test_desk.py": "sqlite",
    "tests/agenda/test_ics.py": "sqlite",
    "tests/agenda/test_pages.py": "sqlite",
    "tests/content/": "sqlite",
    "tests/directory/test_contact.py": "sqlite",
    "tests/directory/test_editing.py": "sqlite",
    "tests/directory/test_member_detail.py": "sqlite",
    "tests/directory/test_member_list.py": "sqlite",
    "tests/directory/test_profile_form.py": "sqlite",
    "tests/joining/": "sqlite",
    "tests/proconnect/": "sqlite",
    "tests/setup/": "sqlite",
    "tests/test_leaks.py": "postgresql",
    "tests/taxonomy/": "sqlite",
    "tests/project_sheets/editing/": "postgresql",
    "tests/project_sheets/test_comparison.py": "sqlite",
    "tests/project_sheets/test_exchange.py": "postgresql",
    "tests/project_sheets/test_facets.py": "postgresql",
    "tests/project_sheets/test_pages.py": "sqlite",
    "tests/project_sheets/test_pdf.py": "postgresql",
}

KINDS = ("unit", "integration", "e2e")
INTEGRATION_FIXTURES = {"db", "transactional_db", "live_server", "smtp_server"}


def kind_of(item: pytest.Item) -> str:
    """Return the kind of a test: the marker it has, else what its folder and fixtures say."""
    for kind in KINDS:
        if item.get_closest_marker(kind):
            return kind
    if "tests/e2e/" in item.nodeid:
        return "e2e"
    fixtures = set(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("django_db") or fixtures & INTEGRATION_FIXTURES:
        return "integration"
    return "unit"


def explanation_of(node_id: str) -> str | None:
    """Return why this test may be skipped, or None where nobody allowed it."""
    return next((why for pattern, why in ALLOWED_SKIPS.items() if fnmatchcase(node_id, pattern)), None)


def databases_of(item: pytest.Item) -> tuple[str, ...]:
    """Return the databases to which a test is reserved, none where it runs on both."""
    if marker := item.get_closest_marker("only_on"):
        return tuple(marker.args)
    if "TEST_ACCOUNT" not in os.environ or kind_of(item) != "integration":
        return ()
    return tuple(played for folder, played in PLAYED_ON.items() if item.nodeid.startswith(folder))


def database_of_this_run() -> str:
    """Return 'postgresql' or 'sqlite'."""
    return "postgresql" if os.environ.get("TEST_DATABASE_URL", "").startswith("postgres") else "sqlite"


class Accounting:
    """What became of each test of this run."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.reserved: list[str] = []
        #: (node id, reason the test gave, why it is allowed or None)
        self.skips: list[tuple[str, str, str | None]] = []
        self.warnings: list[str] = []

    @property
    def forbidden(self) -> list[tuple[str, str]]:
        """Return the skips that nobody explained."""
        return [(node_id, reason) for node_id, reason, allowed in self.skips if allowed is None]

    def note_skip(self, node_id: str, reason: str) -> None:
        """Remember one test that did not say yes or no."""
        self.outcomes["skipped"] += 1
        self.skips.append((node_id, reason, explanation_of(node_id)))

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Give each test its kind before -m selects, and set aside those of the other database."""
        database = database_of_this_run()
        kept, set_aside = [], []
        for item in items:
            kind = kind_of(item)
            if not item.get_closest_marker(kind):
                item.add_marker(kind)
            databases = databases_of(item)
            if databases and database not in databases:
                self.reserved.append(item.nodeid)
                set_aside.append(item)
            else:
                kept.append(item)
        if set_aside:
            config.hook.pytest_deselected(items=set_aside)
            items[:] = kept

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """See the modules that skip themselves whole."""
        if report.skipped:
            self.note_skip(report.nodeid, _reason(report))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count one phase of one test."""
        if report.skipped:
            self.note_skip(report.nodeid, getattr(report, "wasxfail", "") or _reason(report))
        elif report.failed:
            self.outcomes["failed" if report.when == "call" else "errors"] += 1
        elif report.when == "call":
            self.outcomes["passed"] += 1

    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        """Count as errors the warnings of the start-up, which comes before pytest makes errors of them."""
        self.outcomes["errors"] += 1
        self.warnings.append(
            warnings.formatwarning(
                warning_message.message, warning_message.category, warning_message.filename, warning_message.lineno
            )
        )

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, None, None]:
        """Fail a run in which something was skipped in silence or warned, then hand the account over."""
        if (self.forbidden or self.warnings) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if path := os.environ.get("TEST_ACCOUNT"):
            Path(path).write_text(
                json.dumps({**self.outcomes, "reserved": len(self.reserved), "skips": self.skips}),
                encoding="utf-8",
            )
        return (yield)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """List the skips: those allowed with their reason, the others as the failures they are."""
        for warning in self.warnings:
            terminalreporter.write_line(f"WARNING, and so an error: {warning}", red=True)
        for node_id, reason, allowed in self.skips:
            if allowed is None:
                terminalreporter.write_line(f"SKIPPED AND NOT ALLOWED {node_id}: {reason}", red=True)
            else:
                terminalreporter.write_line(f"skipped, allowed: {node_id}: {allowed}", yellow=True)


def _reason(report: pytest.CollectReport | pytest.TestReport) -> str:
    return str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)


def pytest_configure(config: pytest.Config) -> None:
    """Register one account per run."""
    config.pluginmanager.register(Accounting(), "portal-accounting")
