"""The shell of "My space"."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client, RequestFactory

from portal.accounts.models import User
from portal.accounts.services import create_member_account, set_membership_status
from portal.accounts.space import entries_for, space_entries, space_links
from tests.support.world import make_user


def test_the_entries_are_in_order_and_lead_somewhere(signed_in: Client, member: User) -> None:
    entries = entries_for(member)
    assert [entry.order for entry in entries] == sorted(entry.order for entry in entries)
    assert entries[0].url == "/mon-espace/"
    urls = [entry.url for entry in entries]
    for entry in entries:
        response = signed_in.get(entry.url)
        assert response.status_code == 200, entry.url_name
        links = BeautifulSoup(response.content, "html.parser").select("nav[aria-label='Mon espace'] a")
        # A list that belongs to another part of the portal (the forum's own) keeps that part's frame.
        if links or entry.url.startswith("/mon-espace/"):
            assert [link["href"] for link in links] == urls, entry.url_name
            assert [link["href"] for link in links if "aria-current" in link.attrs] == [entry.url]


@pytest.mark.parametrize(
    ("path", "current"),
    [("/mon-espace/", "/mon-espace/"), ("/mon-espace/securite/appareils/", "/mon-espace/securite/")],
)
def test_the_deepest_entry_is_current(member: User, path: str, current: str) -> None:
    request = RequestFactory().get(path)
    request.user = member
    assert [link["url"] for link in space_links(request) if link["current"]] == [current]


def test_an_entry_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        space_entries.register("accounts:space", space_entries.get("accounts:space"))


def test_a_visitor_signs_in_first(client: Client) -> None:
    assert client.get("/mon-espace/")["Location"] == "/connexion/?next=/mon-espace/"


def test_an_account_without_a_password_is_made(db: None) -> None:
    user = create_member_account(email="NOUVEAU@Test.example", first_name="N", last_name="", status="pending")
    assert user.email == "nouveau@test.example"
    assert not user.has_usable_password()
    assert not user.is_member
    set_membership_status(user=user, status="approved")
    user.refresh_from_db()
    assert user.is_member


def test_an_unknown_status_is_refused(db: None) -> None:
    user = make_user("membre")
    with pytest.raises(ValueError, match="ailleurs"):
        set_membership_status(user=user, status="ailleurs")
