"""Browser tests: the demo content, in each theme, in a real Chromium."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support.browser import launch, watch
from tests.support.server import DEMO_PASSWORD, build_demo, served


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a fresh demo: a copy of the one of this run of all tests, or made here."""
    data = tmp_path_factory.mktemp("demo")
    if made := os.environ.get("DEMO_TO_COPY"):
        shutil.copytree(made, data, dirs_exist_ok=True)
    else:
        build_demo(data)
    return data


@pytest.fixture(scope="session")
def neutral_site(demo_data: Path) -> Iterator[str]:
    """The address of the demo in the neutral theme."""
    with served(demo_data, "neutral") as address:
        yield address


@pytest.fixture(scope="session")
def state_site(demo_data: Path) -> Iterator[str]:
    """The address of the demo in the State theme."""
    with served(demo_data, "state") as address:
        yield address


THEMES = ("neutral", "state")
#: Milliseconds that a page may take to show what a test waits for.
PATIENCE = 20_000


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Play each journey in one theme, drawn by its name once and for all; look at pages in both."""
    if "site" in metafunc.fixturenames:
        in_both = metafunc.definition.get_closest_marker("both_themes")
        drawn = THEMES[crc32(metafunc.function.__name__.encode()) % len(THEMES)]
        metafunc.parametrize("site", THEMES if in_both else [drawn], indirect=True)


@pytest.fixture
def site(request: pytest.FixtureRequest) -> str:
    """The address of the demo in the theme of the test."""
    return str(request.getfixturevalue(f"{request.param}_site"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    # The machine is shared with the other passes.
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh visitor; fails the test if the browser complained of anything."""
    context = browser.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    tab = context.new_page()
    complaints = watch(tab)
    yield tab
    context.close()
    assert not complaints, complaints


def sign_in(page: Page, site: str, role: str) -> None:
    """Sign in as one of the demo accounts through the sign-in page."""
    page.goto(f"{site}/connexion/")
    sign_in_here(page, role)


def sign_in_here(page: Page, role: str) -> None:
    """Sign in on the page that asks for it."""
    page.locator("[name=login]").fill(f"{role}@demo.example")
    page.locator("[name=password]").fill(DEMO_PASSWORD)
    page.locator("main").get_by_role("button", name="Se connecter").click()
    page.wait_for_url(lambda url: "/connexion/" not in url)
