"""Nothing that is for members reaches a visitor, by any way.

A secret word stands in every members-only field (tests.support.world.SECRETS). A visitor then
follows every link of the portal, searches for every secret, reads feeds and open data, and comes
after a member on every page while the page cache is on.
"""

import json
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoDbBlocker, Settings

from portal.core.datasets import datasets
from search import api
from tests.rights import joined, merged
from tests.support import world as small_world
from tests.support.world import World, read, standing_world

#: As the permission matrix is SQLite's: the same rules on both, which share the time.
pytestmark = pytest.mark.only_on("postgresql")

#: Where a crawl begins; the rest is found by following links.
ENTRANCES = (
    *("/", "/projets/", "/annuaire/", "/recherche/", "/plan-du-site/", "/actualites/flux/"),
    *joined("ENTRANCES"),
)
SECRETS: dict[str, str] = small_world.SECRETS | merged("SECRETS")
KEPT_FROM_MEMBERS: dict[str, str] = small_world.KEPT_FROM_MEMBERS | merged("KEPT_FROM_MEMBERS")
MOST_PAGES = 400
AMOUNT = re.compile(r"(?<=\d)[\u202f\u00a0 ](?=\d{3})")


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The portal with its secrets and its search index."""
    with standing_world(django_db_blocker) as made:
        call_command("search_rebuild", verbosity=0)
        yield made


@pytest.fixture
def world(standing: World, db: None, settings: Settings) -> Iterator[World]:
    """The same, with a page cache that is on, and empty."""
    settings.PAGE_CACHE_ENABLED = True
    cache.clear()
    yield standing
    cache.clear()


def secrets_in(text: str) -> list[str]:
    """Return the names of the secrets that ``text`` tells, amounts with or without their spaces."""
    plain = AMOUNT.sub("", text).lower()
    return [name for name, secret in SECRETS.items() if secret.lower() in plain]


def links_of(html: str) -> set[str]:
    soup = BeautifulSoup(html, "html.parser")
    found = {tag.get(name) or "" for tag in soup.find_all(True) for name in ("href", "src", "action")}
    return {link.split("#")[0] for link in found if link.startswith("/") and not link.startswith("//")}


def crawl(client: Client) -> Iterator[tuple[str, str]]:
    """Yield (address, text) of everything that can be reached by links, breadth first."""
    waiting, seen = list(ENTRANCES), set(ENTRANCES)
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        response = client.get(address)
        body = read(response)
        yield address, body.decode("utf-8", "replace")
        if "html" in response.get("Content-Type", ""):
            new = links_of(body.decode()) - seen
            new = {link for link in new if not link.startswith(("/static/", "/media/", "/deconnexion"))}
            seen |= new
            waiting += sorted(new)


def test_a_member_does_meet_the_secrets(world: World) -> None:
    """Without this the leak test could pass because nothing is shown to anyone."""
    told = {name for _address, text in crawl(world.client("member")) for name in secrets_in(text)}
    assert told == set(SECRETS) - {"draft.title", *joined("NEVER_TOLD")}


def test_a_member_meets_nothing_that_others_keep_to_themselves(world: World) -> None:
    client = world.client("member")
    visited = set()
    for address, text in crawl(client):
        visited.add(address)
        assert not [name for name, kept in KEPT_FROM_MEMBERS.items() if kept in text], address
    assert f"/annuaire/membres/{world.users['other_lead'].short_id}/" in visited
    for kept in KEPT_FROM_MEMBERS.values():
        for address in ("/annuaire/membres/", "/recherche/"):
            text = client.get(address, {"q": kept}).content.decode()
            assert world.users["other_lead"].short_id not in text, kept
    # They are kept indeed, and their owner reads them.
    own = world.client("other_lead").get("/mon-espace/mon-profil/").content.decode()
    assert KEPT_FROM_MEMBERS["profile.presentation"] in own


def test_a_visitor_meets_none_by_following_links(world: World) -> None:
    visited = 0
    for address, text in crawl(world.client("visitor")):
        visited += 1
        assert not secrets_in(text), address
    assert visited > 15


def test_a_visitor_meets_none_in_the_page_cache(world: World) -> None:
    """Members read every page first; what they saw must not have been kept for visitors."""
    for address, _text in crawl(world.client("administrator")):
        response = world.client("visitor").get(address)
        assert not secrets_in(read(response).decode("utf-8", "replace")), address


#: A date is made of ordinary words, which find documents that are public.
SEARCHED = sorted(name for name, secret in SECRETS.items() if " " not in secret)


@pytest.mark.parametrize("name", SEARCHED)
def test_searching_for_a_secret_is_searching_for_nothing(world: World, name: str) -> None:
    def page_for(query: str) -> str:
        text = world.client("visitor").get(f"/recherche/?q={quote(query)}").content.decode()
        return text.replace(quote(query), "Q").replace(query.replace(" ", "+"), "Q").replace(query, "Q")

    secret = SECRETS[name]
    nothing = re.sub(r"[a-z]", "q", secret.lower()) if not secret.isdigit() else "9" * len(secret)
    assert page_for(secret) == page_for(nothing)


def test_no_secret_is_completed_corrected_or_likened(world: World) -> None:
    """Each beginning of a secret, and a secret with a slip, as a browser asks while it is typed."""
    client = world.client("visitor")
    for name in SEARCHED:
        secret = SECRETS[name].lower()
        for typed in {secret[:2], secret[:4], secret[:-1], secret[:3] + "x" + secret[4:]}:
            told = client.get("/recherche/suggestions/", {"q": typed}).content.decode().lower()
            assert secret not in told, (name, typed)
            page = client.get("/recherche/", {"q": typed}).content.decode().lower()
            assert secret not in page.replace(typed, ""), (name, typed)
        assert not api.similar_to_text(secret, user=AnonymousUser()), name


@pytest.mark.parametrize("role", ["visitor", "member"])
def test_totals_and_facets_count_what_can_be_listed(world: World, role: str) -> None:
    """A hidden document would be counted in a total or beside a filter, and stand in no list."""
    client = world.client(role)
    for text in ("projet", "structure", "logement", "essai"):
        found = _listed(client, {"q": text})
        first = client.get("/recherche/", {"q": text}).context
        assert first["total"] == len(found), text
        for facet in first.get("facets", ()):
            for option in facet.options:
                assert option.count == len(_listed(client, {"q": text, facet.name: option.value}) & found), option


def _listed(client: Client, asked: dict[str, str]) -> set[str]:
    """Return the addresses of all that a search shows, page after page."""
    found: set[str] = set()
    for number in range(1, 60):
        context = client.get("/recherche/", {**asked, "page": str(number)}).context
        found |= {row["url"] for row in context["rows"]}
        if number >= context["page"].paginator.num_pages:
            break
    return found


def test_filters_of_the_list_do_not_search_members_fields(world: World) -> None:
    for name, secret in SECRETS.items():
        html = world.client("visitor").get(f"/projets/?q={quote(secret)}").content.decode()
        assert "Projet public" not in html, name


def test_open_data_hold_no_secret(world: World) -> None:
    assert len(datasets) > 0
    for dataset in datasets:
        rows = list(dataset.rows())
        assert rows, dataset.key
        assert not secrets_in(json.dumps(rows, default=str, ensure_ascii=False))
        assert {name for row in rows for name in row} == {column.name for column in dataset.columns}


def test_files_have_no_public_address(world: World, settings: Settings) -> None:
    with pytest.raises(ValueError, match="accessible"):
        _ = world.document.file.url
    assert not str(world.document.file.storage.location).startswith(str(settings.MEDIA_ROOT))
