"""The demonstration, loaded once for the modules of this folder and taken away after them."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.test import TestCase
from pytest_django.plugin import DjangoDbBlocker

#: As long as the portal asks, and no secret of anybody's.
PASSWORD = "un-mot-de-passe-de-demonstration"


def load_demo() -> str:
    """Run the command as from a terminal and return what it says; what waits for the commit is done."""
    said = io.StringIO()
    with TestCase.captureOnCommitCallbacks(execute=True):
        call_command("load_demo", stdout=said)
    return said.getvalue()


@pytest.fixture(scope="package")
def demo(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Load the demonstration in a transaction that is undone at the end; yields what the command said.

    Tests that use it are marked django_db: their own transactions stand inside this one.
    """
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setenv("DEMO_PASSWORD", PASSWORD)
        # Regions and departments of our own list are enough; the municipalities take many seconds.
        patch.setattr("portal.taxonomy.territories.PACKAGE_DATA", Path("no-such-folder"))
        patch.setattr("django.conf.settings.DATA_DIR", tmp_path_factory.mktemp("demo-data"))
        with transaction.atomic():
            yield load_demo()
            transaction.set_rollback(True)
        cache.clear()
