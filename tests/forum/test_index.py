"""The front of the forum, and what others show of it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from forum.community.models import Space
from forum.community.reference_data import load_spaces
from portal.taxonomy.reference import LoadContext
from tests.factories.accounts import UserFactory
from tests.forum.factories import make_answer, make_discussion, make_space
from tests.taxonomy.factories import DepartmentFactory, RegionFactory, ThemeFactory

pytestmark = pytest.mark.django_db


def test_the_index_shows_each_space_to_its_readers(client: Client) -> None:
    theme = ThemeFactory(name="Titres de séjour", slug="titres-de-sejour")
    make_discussion(make_space(name="Titres", theme=theme), subject="Un récépissé expire demain")
    make_space(name="Entre membres", access="members")
    page = client.get("/forum/").content.decode()
    assert "Un récépissé expire demain" in page
    assert "Entre membres" not in page
    assert "Un récépissé expire demain" in client.get("/themes/titres-de-sejour/").content.decode()
    client.force_login(UserFactory(), backend="portal.accounts.backends.MemberBackend")
    assert "Entre membres" in client.get("/forum/").content.decode()


def test_a_visitor_s_page_follows_each_answer(client: Client, settings: Settings) -> None:
    settings.PAGE_CACHE_ENABLED = True
    cache.clear()
    discussion = make_discussion()
    address = type(discussion).objects.select_related("topic__forum__space").get().get_absolute_url()
    for _time in range(2):
        response = client.get(address)
    assert response["X-Page-Cache"] == "hit"
    cache.clear()


def test_each_theme_has_its_space_once() -> None:
    above = ThemeFactory(name="Logement", slug="logement")
    ThemeFactory(name="Hébergement", slug="hebergement", parent=above)
    ThemeFactory(name="Toutes", slug="toutes")
    for _time in range(2):
        load_spaces(LoadContext(say=lambda text: None, source=None))
    spaces = {space.slug: space for space in Space.objects.select_related("forum__parent__space")}
    assert set(spaces) == {"logement", "hebergement", "theme-toutes"}
    assert spaces["hebergement"].forum.parent.space == spaces["logement"]


def test_unanswered_questions_come_first_where_one_asks(client: Client) -> None:
    space = make_space()
    waiting = make_discussion(space, subject="Une question qui attend encore")
    answered = make_discussion(space, subject="Une question qui a sa réponse")
    make_answer(answered)
    page = client.get(f"{space.get_absolute_url()}?tri=sans-reponse").content.decode()
    assert page.index("attend encore") < page.index("a sa réponse")
    assert "a sa réponse" not in client.get("/forum/sans-reponse/").content.decode()
    assert waiting


def test_a_list_is_narrowed_to_a_place_and_what_contains_it(client: Client) -> None:
    region = RegionFactory(code="53", name="Bretagne")
    here, there = DepartmentFactory(code="29", region=region), DepartmentFactory(code="35", region=region)
    space = make_space()
    for place, subject in ((here, "Dans le Finistère"), (there, "En Ille-et-Vilaine"), (region, "Dans la région")):
        make_discussion(space, subject=subject, territory=place)
    make_discussion(space, subject="Partout en France")
    for address in ("/forum/toutes/", space.get_absolute_url()):
        titles = [row.title for row in client.get(f"{address}?territoire={here.public_code}").context["rows"]]
        assert set(titles) == {"Dans le Finistère", "Dans la région"}


def test_a_sheet_that_is_cited_shows_it_to_who_reads_it(client: Client, settings: Settings) -> None:
    from django.template import Context, Template
    from django.test import RequestFactory

    from forum.community.services.settling import cite

    author = UserFactory()
    members, everyone = make_space(access="members"), make_space()
    secret, discussion = make_discussion(members, author), make_discussion(everyone, subject="Une réponse réutilisée")
    for one in (secret, discussion):
        cite(topic=one.topic, key="sheet:12", by=author)

    def shown(user: object) -> tuple[str, set[str]]:
        request = RequestFactory().get("/projets/")
        request.user = user  # type: ignore[assignment]
        text = Template('{% load citations %}{% cited_in "sheet:12" %}').render(Context({"request": request}))
        return text, getattr(request, "cache_areas", set())

    text, areas = shown(AnonymousUser())
    assert "Cité dans 1 discussion" in text
    assert "Une réponse réutilisée" in text
    assert "forum" in areas
    assert "Cité dans 2 discussions" in shown(author)[0]
