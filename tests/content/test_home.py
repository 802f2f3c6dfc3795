"""The home page: blocks, declared panels, one home for visitors and one for members."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.content import panels
from portal.content.models import HomePage
from portal.content.panels import HomePanel, PanelAudience
from portal.core.registry import Registry
from tests.factories.accounts import PendingUserFactory, UserFactory
from tests.factories.content import NewsPageFactory

pytestmark = pytest.mark.django_db
MAX_QUERIES = 15
DEFAULT = Path(panels.__file__).parent / "data" / "home.json"


@pytest.fixture
def default_home(home) -> HomePage:
    home.body = json.dumps(json.loads(DEFAULT.read_text(encoding="utf-8")))
    home.save()
    return home


def panel(key: str, order: int, audience: PanelAudience, data: dict | None) -> HomePanel:
    return HomePanel(
        key=key,
        title=key,
        order=order,
        template="content/blocks/notice.html",
        context=lambda request: data,
        audience=audience,
        areas=(f"area-{key}",),
    )


@pytest.fixture
def declared(monkeypatch) -> Registry[HomePanel]:
    registry: Registry[HomePanel] = Registry("test panels")
    for made in (
        panel("last", 30, PanelAudience.BOTH, {}),
        panel("visitors", 20, PanelAudience.VISITOR, {}),
        panel("members", 10, PanelAudience.MEMBER, {}),
        panel("empty", 5, PanelAudience.BOTH, None),
    ):
        registry.register(made.key, made)
    monkeypatch.setattr(panels, "PANELS", registry)
    return registry


def shown(request_user, rf) -> list[str]:
    request = rf.get("/")
    request.user = request_user
    return [entry.panel.key for entry in panels.shown_panels(request)]


def test_panels_stand_in_order_for_their_readers(declared, rf) -> None:
    assert shown(PendingUserFactory(), rf) == ["visitors", "last"]
    assert shown(UserFactory(), rf) == ["members", "last"]
    assert panels.panel_areas() == {"area-last", "area-visitors", "area-members", "area-empty"}


class CountedData(dict):
    """The data of a panel, which counts how often a template reads it."""

    reads = 0

    def __getitem__(self, key: str) -> object:
        self.reads += 1
        return super().__getitem__(key)


@pytest.mark.parametrize(("is_shared", "drawings"), [(True, 1), (False, 2)])
def test_a_shared_panel_is_drawn_once_from_the_same_data(
    monkeypatch, default_home, is_shared: bool, drawings: int
) -> None:
    registry: Registry[HomePanel] = Registry("test panels")
    told = {}
    made = replace(
        panel("dates", 10, PanelAudience.BOTH, {}),
        template="agenda/panels/cards.html",
        context=lambda request: told["now"],
        is_shared=is_shared,
    )
    registry.register(made.key, made)
    monkeypatch.setattr(panels, "PANELS", registry)
    for title in ("La première date", "La seconde date"):
        told["now"] = CountedData(cards=[{"title": title, "url": "/agenda/"}])
        for _member in range(2):
            client = Client()
            client.force_login(UserFactory())
            assert title in client.get("/").content.decode()
        assert told["now"].reads == drawings


def test_the_visitors_home(client, default_home) -> None:
    NewsPageFactory(title="Une plateforme en Loir-et-Cher")
    content = client.get("/").content.decode()
    assert content.count("<h1") == 1
    main = content.split("<main", 1)[1].split("</main>", 1)[0]
    assert 'action="/recherche/"' in main
    assert main.count('href="/projets/"') >= 1
    assert main.index("Découvrir") < main.index("Échanger") < main.index("Réutiliser") < main.index("Une plateforme")


def test_a_home_without_promise_still_has_a_title(client, home) -> None:
    assert client.get("/").content.decode().count("<h1") == 1


def test_the_members_home(client, default_home) -> None:
    NewsPageFactory(title="Une plateforme en Loir-et-Cher")
    client.force_login(UserFactory(first_name="Camille"))
    content = client.get("/").content.decode()
    assert "Camille" in content
    assert "Une plateforme en Loir-et-Cher" in content
    assert content.count("<h1") == 1
    assert "Cookie" in client.get("/")["Vary"]


def test_the_visitors_home_costs_few_queries(client, default_home) -> None:
    NewsPageFactory.create_batch(3)
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/").status_code == 200
    assert len(captured) <= MAX_QUERIES


def fill_cache(client) -> None:
    """Visit until the page comes from the cache: areas get their tokens at the first visit."""
    assert any(client.get("/").headers.get("X-Page-Cache") == "hit" for _visit in range(4))


def test_a_change_renews_the_cached_home(client, default_home, settings, django_capture_on_commit_callbacks) -> None:
    settings.PAGE_CACHE_ENABLED = True
    with django_capture_on_commit_callbacks(execute=True):
        page = NewsPageFactory(title="Avant")
    fill_cache(client)
    with django_capture_on_commit_callbacks(execute=True):
        page.title = "Après"
        page.save()
    content = client.get("/").content.decode()
    assert "Après" in content
    assert "Avant" not in content
    fill_cache(client)
    with django_capture_on_commit_callbacks(execute=True):
        page.page_ptr.unpublish()
    assert "Après" not in client.get("/").content.decode()
