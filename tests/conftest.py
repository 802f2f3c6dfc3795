"""Fixtures that every app's tests may use; what belongs to one domain lies beside its tests."""

import gc
from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.conf import settings as django_settings
from pytest_django import DjangoDbBlocker, Settings
from wagtail.signal_handlers import disable_reference_index_auto_update

from portal.core.areas import read_tokens
from tests.support.migrated import keep_database, lay_kept_database
from tests.support.smtp_server import SmtpServer
from tests.support.world import World, standing_world


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look for garbage less often, and not among what was imported: a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool, django_db_createdb: bool) -> bool:
    """Begin with the migrated database of an earlier run, where there is one."""
    return django_db_keepdb or (not django_db_createdb and lay_kept_database())


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_keepdb: bool, django_db_blocker: DjangoDbBlocker) -> None:
    """Keep the migrated database for the next run, before any test writes to it; give areas their tokens.

    Without these, the first page of each test would make them all, and its rollback lose them.
    """
    with django_db_blocker.unblock():
        # One of an earlier run may have been emptied by its tests: --reuse-db.
        if not django_db_keepdb:
            keep_database()
        read_tokens()


@pytest.fixture(scope="session", autouse=True)
def _no_reference_index() -> Iterator[None]:
    """Leave out the index of what uses what, which only Wagtail's own pages of usage read: a tenth of the time."""
    with disable_reference_index_auto_update():
        yield


@pytest.fixture(scope="session", autouse=True)
def _mail_into_outbox(django_test_environment: None) -> None:
    """Give the portal its own e-mail backend back: Django's test set-up replaces it by one in memory."""
    # The object itself: pytest-django's would undo this after one test.
    django_settings.EMAIL_BACKEND = "portal.mail.backends.OutboxBackend"


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for all tests of a module, which takes half a second to make; none may ask for real transactions."""
    with standing_world(django_db_blocker) as made:
        yield made


@pytest.fixture
def world(standing: World, db: None) -> World:
    """A copy for one test: what it writes is rolled back, and what it changes in memory stays with it."""
    return deepcopy(standing)


@pytest.fixture(scope="session")
def smtp_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmtpServer]:
    """Start one real SMTP server for the whole run."""
    server = SmtpServer(tmp_path_factory.mktemp("smtp"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def smtp_server(smtp_process: SmtpServer, settings: Settings) -> SmtpServer:
    """Send this test's e-mails to a real SMTP server, empty at first; a stopped one is started again."""
    if smtp_process.process is None:
        smtp_process.start()
    smtp_process.clear()
    for name, value in smtp_process.settings.items():
        setattr(settings, name, value)
    return smtp_process
