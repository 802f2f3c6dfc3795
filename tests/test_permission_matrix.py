"""Every address of the portal × every role: what each one answers.

The URL resolver is the list: an address that is not in the table fails the test, so that no page
is ever opened to anyone by forgetting it.
"""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from tests.rights import merged
from tests.rights.table import Row
from tests.support.world import ROLES, World, read, standing_world

#: Marked although one fixture opens the database for all: marked tests run before those that empty it.
#: Who may read what is the same rule on both databases, which share the time: this one here, the leaks there.
pytestmark = [pytest.mark.django_db, pytest.mark.only_on("sqlite")]

#: Route of the resolver → what each role gets with GET; each app has its module in tests/rights.
MATRIX: dict[str, Row] = merged("ROUTES")
#: Addresses behind the catch-all route of Wagtail's tree, and others that show a rule.
PAGES: dict[str, Row] = merged("PAGES")

#: Routes that libraries bring, each judged as a whole by a test below.
LIBRARY_PREFIXES = ("admin/", "documents/", "_util/")
CATCH_ALL = r"^((?:[\w\-]+/)*)$"


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every route of the resolver with its pattern, as one string."""
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, route)
        else:
            yield route, entry


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for the whole table: reading changes nothing."""
    with standing_world(django_db_blocker) as standing:
        yield standing


@pytest.fixture(scope="module")
def clients(world: World) -> dict[str, Client]:
    """Return a browser of each role, signed in once."""
    return {role: world.client(role) for role in ROLES}


def test_every_route_is_in_the_table() -> None:
    known = set(MATRIX) | {CATCH_ALL}
    found = {route for route, _pattern in routes(get_resolver().url_patterns)}
    unlisted = sorted(route for route in found - known if not route.startswith(LIBRARY_PREFIXES))
    assert not unlisted, f"list them in tests/rights: {unlisted}"
    assert not known - found, f"these routes are gone: {sorted(known - found)}"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", [*MATRIX, *PAGES])
def test_status(world: World, clients: dict[str, Client], route: str, role: str) -> None:
    entry = MATRIX.get(route) or PAGES[route]
    response = clients[role].get(entry.path(world))
    read(response)
    assert response.status_code == entry.statuses[role]


def admin_paths() -> list[str]:
    """Return the addresses of the admin that need no argument."""
    found = {route for route, _pattern in routes(get_resolver().url_patterns) if route.startswith("admin/")}
    return sorted(f"/{route}" for route in found if not set(route) & set("<^("))


#: What the admin shows before anyone has signed in, and its way out.
ADMIN_OPEN = {"/admin/jsi18n/", "/admin/sprite/"}


@pytest.mark.parametrize("role", ["visitor", "member", "lead", "other_lead", "editor"])
def test_nobody_but_animators_enters_the_admin(world: World, role: str) -> None:
    paths = admin_paths()
    assert len(paths) > 40
    client = world.client(role)
    opened = [path for path in paths if path not in ADMIN_OPEN and client.get(path).status_code in {200, 500}]
    assert not opened


@pytest.mark.parametrize("view", ["edit", "delete", "unpublish", "history"])
def test_a_region_s_sheets_are_edited_by_its_animators_alone(world: World, view: str) -> None:
    path = reverse(f"wagtailadmin_pages:{view}", args=[world.sheet.pk])
    assert world.client("animator").get(path).status_code == 200
    assert world.client("administrator").get(path).status_code == 200
    for role in ("other_animator", "lead", "member"):
        assert world.client(role).get(path).status_code in {302, 403}, role


def test_another_region_s_explorer_is_empty(world: World) -> None:
    explorer = reverse("wagtailadmin_explore", args=[world.sheet.get_parent().pk])
    assert "Projet public" in world.client("animator").get(explorer).content.decode()
    response = world.client("other_animator").get(explorer)
    assert response.status_code in {302, 403} or "Projet public" not in response.content.decode()


def test_an_animator_adds_sheets_to_their_region_alone(world: World) -> None:
    add = reverse("wagtailadmin_pages:add", args=["project_sheets", "projectsheetpage", world.sheet.get_parent().pk])
    assert world.client("animator").get(add).status_code == 200
    assert world.client("other_animator").get(add).status_code in {302, 403}
