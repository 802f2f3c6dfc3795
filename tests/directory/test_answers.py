"""The discussions in which an organisation answered, on its page."""

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client

from directory.models import Organisation
from forum.community.enums import Access
from tests.directory.factories import OrganisationFactory
from tests.directory.test_editing import client_of
from tests.factories import UserFactory
from tests.forum.factories import make_answer, make_discussion, make_space
from tests.support.queries import queries_of

pytestmark = pytest.mark.django_db


def answered(client: Client, organisation: Organisation) -> list[str]:
    page = BeautifulSoup(client.get(organisation.get_absolute_url()).content, "html.parser")
    section = page.find(id="discussions")
    return [title.get_text(strip=True) for title in section.find_all("h3")] if section else []


def test_its_page_shows_what_it_answered_to_whom_may_read_it() -> None:
    own, visitor = OrganisationFactory(), Client()
    open_space, members = make_space(), make_space(access=Access.MEMBERS)
    make_discussion(open_space, subject="Qu’elle pose elle-même", organisation=own)
    make_answer(make_discussion(open_space, subject="Où une autre répond"), organisation=OrganisationFactory())
    inside = make_discussion(members, subject="Entre membres")
    make_answer(inside, organisation=own)
    assert answered(visitor, own) == []
    assert answered(client_of(UserFactory()), own) == ["Entre membres"]
    # The page that a visitor has just read is kept: an answer makes it anew.
    public = make_discussion(open_space, subject="Devant tous")
    make_answer(public, organisation=own)
    assert answered(visitor, own) == ["Devant tous"]
    assert answered(client_of(UserFactory()), own) == ["Devant tous", "Entre membres"]


def test_it_costs_the_same_queries_at_one_and_three_rows() -> None:
    own, space = OrganisationFactory(), make_space()

    def count() -> int:
        cache.clear()
        return len(queries_of(lambda: Client().get(own.get_absolute_url())))

    make_answer(make_discussion(space), organisation=own)
    few = count()
    for _time in range(2):
        make_answer(make_discussion(space), organisation=own)
    assert count() == few
