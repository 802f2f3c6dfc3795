"""A real OpenID provider for these tests."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from tests.factories.taxonomy import RegionFactory
from tests.support.openid_provider import OpenIdProvider
from tests.support.world import make_projects_index


@pytest.fixture(scope="session")
def openid_process() -> Iterator[OpenIdProvider]:
    """Start one provider for the whole run."""
    provider = OpenIdProvider("http://testserver")
    provider.start()
    yield provider
    provider.stop()


@pytest.fixture
def provider(openid_process: OpenIdProvider, settings: Settings, db: None) -> Iterator[OpenIdProvider]:
    """Have the portal use the provider, with a home page and nothing counted yet."""
    cache.clear()
    for name, value in openid_process.settings.items():
        setattr(settings, name, value)
    make_projects_index()
    RegionFactory()
    yield openid_process
    cache.clear()


@pytest.fixture
def browser() -> Client:
    return Client()
