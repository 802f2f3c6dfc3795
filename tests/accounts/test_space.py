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
    html = BeautifulSoup(signed_in.get("/mon-espace/").content, "html.parser")
    shown = {link["href"] for link in html.select("nav a[href^='/mon-espace/']")}
    assert {entry.url for entry in entries} <= shown
    for entry in entries:
        assert signed_in.get(entry.url).status_code == 200, entry.url_name


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
