"""The visitors' page cache: right at once, never stale, never personal."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.utils import timezone
from pytest_django import Settings
from wagtail.models import Page

from portal.core import areas, page_cache, remember
from portal.core.areas import invalidate
from portal.notifications.models import MailSettings
from project_sheets import views
from project_sheets.cards import SheetCard
from search.indexing import drain
from tests.factories import NewsPageFactory
from tests.support.world import World

#: The same on both databases, on the one of a portal that many visit.
pytestmark = pytest.mark.only_on("postgresql")

SHEET = "/projets/bretagne/projet-public/"


Commit = Callable[[], AbstractContextManager[object]]


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]) -> Commit:
    """Run what waits for the commit at the end of a block, as a committed request would."""

    def begun() -> AbstractContextManager[object]:
        # A transaction of its own: what the world's making asked to renew waits for ever, and is not its business.
        vars(areas._renewals._of_thread).clear()
        return django_capture_on_commit_callbacks(execute=True)

    return begun


@pytest.fixture
def world(world: World, settings: Settings) -> Iterator[World]:
    """The world with the page cache on, and nothing in it, its index up to date."""
    settings.PAGE_CACHE_ENABLED = True
    cache.clear()
    drain()
    yield world
    cache.clear()


def visit(world: World, path: str = SHEET, role: str = "visitor") -> tuple[str, str]:
    response = world.client(role).get(path)
    return response.get("X-Page-Cache", ""), response.content.decode()


def warm(world: World, path: str = SHEET) -> None:
    """Visit until the page is served from the cache; the first visits give areas their tokens."""
    for _visit in range(3):
        state, _html = visit(world, path)
    assert state == "hit"


def living_half_a_minute(call: Callable[..., object]) -> Callable[..., object]:
    """Return ``call`` as if it were made of something that ends in 30 seconds."""

    def wrapped(*args: object) -> object:
        with remember.making() as deadline:
            deadline.bring_forward(remember.time.monotonic() + 30)
            return call(*args)

    return wrapped


def test_a_page_ends_with_what_it_shows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Late by the ten minutes of one memory, and not by those of each that it is made of."""
    stored: list[float] = []
    store = page_cache.PageCacheMiddleware._store

    def note(key: str, response: object, tokens: dict[str, str], seconds: float) -> None:
        stored.append(seconds)
        store(key, response, tokens, seconds)  # type: ignore[arg-type]

    monkeypatch.setattr(page_cache.PageCacheMiddleware, "_store", staticmethod(note))
    monkeypatch.setattr(views, "region_page", living_half_a_minute(views.region_page))
    assert visit(world)[0] == "miss"
    assert stored[0] <= 30


def test_the_third_visit_is_served_from_the_cache(world: World) -> None:
    warm(world)
    assert "Projet public" in visit(world)[1]


def test_a_change_shows_at_the_very_next_visit(world: World, commit: Commit) -> None:
    warm(world)
    world.sheet.summary = "Un résumé tout neuf."
    with commit():
        world.sheet.save_revision().publish()
    state, html = visit(world)
    assert state != "hit"
    assert "Un résumé tout neuf." in html


def test_a_change_of_a_row_of_another_app_shows_too(world: World, commit: Commit) -> None:
    warm(world)
    world.organisation.name = "Structure rebaptisée"
    with commit():
        world.organisation.save()
    assert "Structure rebaptisée" in visit(world)[1]


def test_an_unrelated_write_leaves_the_cache_alone(world: World, commit: Commit) -> None:
    warm(world)
    user = world.users["member"]
    with commit():
        # As signing in does, and a choice about mails.
        user.last_login = timezone.now()
        user.save(update_fields=["last_login"])
        MailSettings.objects.create(user=user)
    assert visit(world)[0] == "hit"


def test_what_comes_to_resemble_a_page_shows_on_it_at_once(world: World, commit: Commit) -> None:
    with commit():
        world.sheet.summary = "Covoiturage solidaire vers les ateliers d’insertion."
        world.sheet.save_revision().publish()
    warm(world)
    with commit():
        NewsPageFactory(title="Un titre qui ressemble", intro="Covoiturage solidaire : les ateliers d’insertion.")
    assert "Un titre qui ressemble" in visit(world)[1]


def test_a_rolled_back_write_leaves_the_cache_alone(world: World, commit: Commit) -> None:
    warm(world)
    with commit(), transaction.atomic():
        world.organisation.save()
        transaction.set_rollback(True)
    assert visit(world)[0] == "hit"


def test_a_page_rendered_during_a_write_is_not_kept(
    world: World, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tokens are read before rendering: what was rendered under an old one is never served."""
    for _visit in range(2):
        visit(world, "/projets/")
    original = views.cards_of

    def overtaken_by_a_write(sheets: Sequence[int]) -> Sequence[SheetCard]:
        cards = original(sheets)
        with commit():
            invalidate(["sheets"])
        return cards

    with commit():
        invalidate(["sheets"])
    monkeypatch.setattr(views, "cards_of", overtaken_by_a_write)
    assert visit(world, "/projets/")[0] == "miss"
    monkeypatch.setattr(views, "cards_of", original)
    assert visit(world, "/projets/")[0] == "miss"
    assert visit(world, "/projets/")[0] == "hit"


def test_a_member_is_never_served_a_stored_page(world: World) -> None:
    warm(world)
    state, html = visit(world, role="member")
    assert state == ""
    assert "zsecretbody" in html


def test_two_filters_are_two_pages(world: World) -> None:
    warm(world, "/projets/?theme=logement")
    assert visit(world, "/projets/?theme=sante")[0] != "hit"


def test_a_visitor_with_a_form_token_still_gets_the_shared_page(world: World) -> None:
    warm(world)
    client = world.client("visitor")
    client.get("/connexion/")
    assert "csrftoken" in client.cookies
    assert client.get(SHEET)["X-Page-Cache"] == "hit"


def test_pages_with_a_form_token_are_not_stored(world: World) -> None:
    for _visit in range(3):
        response = world.client("visitor").get("/connexion/")
    assert "X-Page-Cache" not in response


def test_errors_are_not_stored(world: World) -> None:
    for _visit in range(3):
        response = world.client("visitor").get("/projets/bretagne/nulle-part/")
    assert response.status_code == 404
    assert "X-Page-Cache" not in response


def test_a_bare_page_unpublished_is_gone_at_once(world: World, commit: Commit) -> None:
    """The admin's bulk actions unpublish pages without their own type."""
    warm(world)
    with commit():
        Page.objects.get(pk=world.sheet.pk).unpublish()
    assert world.client("visitor").get(SHEET).status_code == 404


def test_a_moved_page_is_gone_from_its_old_address_at_once(world: World, commit: Commit) -> None:
    warm(world)
    with commit():
        Page.objects.get(pk=world.sheet.pk).move(Page.objects.get(slug="centre-val-de-loire"), pos="last-child")
    response = world.client("visitor").get(SHEET)
    assert (response.status_code, response["Location"]) == (301, "/projets/centre-val-de-loire/projet-public/")
    assert visit(world, "/projets/centre-val-de-loire/projet-public/")[0] != "hit"


def test_a_theme_s_relation_changed_from_its_side_shows(world: World, commit: Commit) -> None:
    warm(world)
    with commit():
        world.theme.sheets.remove(world.sheet)
    assert visit(world)[0] != "hit"


def test_a_cache_that_is_down_slows_the_portal_and_no_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(areas.cache, "get", broken)
    assert world.client("visitor").get(SHEET).status_code == 200


@pytest.mark.parametrize("path", ["/%00/", "/projets/%00/x/", "/é/", "/" + "a" * 150 + "/"])
def test_odd_addresses_are_not_found(world: World, path: str) -> None:
    assert world.client("visitor").get(path).status_code == 404


def test_another_process_s_page_is_served_and_then_from_memory(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    warm(world)
    monkeypatch.setattr(page_cache, "_memory", page_cache._Memory())
    assert visit(world)[0] == "hit"

    original = cache.get

    def get(key: str, *args: object, **kwargs: object) -> object:
        assert "page-cache" not in key, "the page lies in memory"
        return original(key, *args, **kwargs)

    monkeypatch.setattr(page_cache.cache, "get", get)
    assert visit(world)[0] == "hit"


def test_the_memory_of_pages_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "MEMORY_BYTES", 100)
    memory = page_cache._Memory()
    for name in ("a", "b", "c"):
        memory.put(name, page_cache.StoredPage(b"x" * 40, {}, {}, 0.0))
    assert memory.get("a") is None
    assert memory.get("c") is not None
    memory.put("huge", page_cache.StoredPage(b"x" * 200, {}, {}, 0.0))
    assert memory.get("huge") is None
