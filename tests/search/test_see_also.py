"""“See also” on the pages of discussions and events: what resembles them, by rights, for few queries."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from forum.community.enums import Access
from forum.machina_apps.forum_conversation.models import Topic
from portal.accounts.models import User
from search import indexing
from tests.factories.agenda import EventFactory
from tests.forum.factories import make_discussion, make_space
from tests.support.queries import process_memory, queries_of

pytestmark = pytest.mark.django_db
#: What a member's page of a discussion may ask of the database in all.
MOST_QUERIES = 15


@pytest.fixture
def things() -> dict[str, Any]:
    """A discussion that everyone reads, one for members, an event, all about the same."""
    made = {
        "asked": make_discussion(subject="Le bail glissant des apprentis", text="Qui signe le bail glissant ?"),
        "alike": make_discussion(subject="Un bail glissant à Brest", text="Le bail glissant, et la caution ?"),
        "closed": make_discussion(
            make_space(access=Access.MEMBERS), subject="Bail glissant : nos impayés", text="Un bail glissant."
        ),
        "event": EventFactory(title="Atelier bail glissant", summary="Le bail glissant pas à pas."),
    }
    indexing.drain()
    return made


def panel(client: Client, page: Any) -> set[str]:
    """Return the titles that the panel of a page shows."""
    page.refresh_from_db()
    found = BeautifulSoup(client.get(page.get_absolute_url()).content, "html.parser").find(id="voir-aussi")
    return {link.get_text().strip() for link in found.find_all("a")} if found else set()


def test_discussions_and_events_lead_to_what_resembles_them(
    client: Client, member: User, things: dict[str, Any]
) -> None:
    visited = {name: panel(client, things[name]) for name in ("asked", "event")}
    assert visited == {
        "asked": {"Un bail glissant à Brest", "Atelier bail glissant"},
        "event": {"Un bail glissant à Brest", "Le bail glissant des apprentis"},
    }
    client.force_login(member)
    for name, titles in visited.items():
        assert panel(client, things[name]) == titles | {"Bail glissant : nos impayés"}


def test_a_member_is_shown_what_they_may_read_now(client: Client, member: User, things: dict[str, Any]) -> None:
    """What is remembered of what resembles is checked again, and costs one query."""
    client.force_login(member)
    with process_memory():
        assert "Un bail glissant à Brest" in panel(client, things["asked"])
        # The index is not told yet.
        Topic.objects.filter(pk=things["alike"].topic_id).update(approved=False)
        assert "Un bail glissant à Brest" not in panel(client, things["asked"])
        assert len(queries_of(lambda: client.get(things["asked"].get_absolute_url()))) <= MOST_QUERIES
