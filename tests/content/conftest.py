"""What the tests of the editorial content share."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.content import frame
from portal.content.models import HomePage
from tests.factories.content import HomePageFactory


@pytest.fixture(autouse=True)
def _forget_frame() -> Iterator[None]:
    """Forget what this process remembers of the frame, as a fresh process would."""
    frame._remembered = None
    yield
    frame._remembered = None


@pytest.fixture
def home(db) -> HomePage:
    cache.clear()
    return HomePageFactory()


@pytest.fixture
def count_queries() -> Callable[[Client, str], int]:
    """Return a function that counts the queries of one page, its first visit left out."""

    def count(client: Client, path: str) -> int:
        assert client.get(path).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        return len(captured)

    return count
