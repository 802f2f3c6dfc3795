"""The pages of "My data": what is shown, who may ask, and how a departure is proven."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from directory.models import Membership
from portal.accounts.data_rights.models import Consent, ErasureRequest
from portal.accounts.data_rights.services import give_consent, withdraw_consent
from portal.accounts.models import User
from portal.mail.models import OutboxMessage
from tests.factories import PASSWORD, MembershipFactory, PendingUserFactory, UserFactory
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
URL = "/mon-espace/mes-donnees/"
LEAVE = f"{URL}suppression/"


@pytest.fixture(autouse=True)
def _forget_attempts() -> None:
    cache.clear()


@pytest.fixture
def user(client: Client) -> User:
    made = UserFactory()
    client.force_login(made)
    return made


def leave_link() -> str:
    text = OutboxMessage.objects.filter(kind="data_rights.confirm_erasure").latest("pk").text
    found = re.search(rf"{LEAVE}\S+", text)
    assert found
    return found[0]


def test_the_page_says_what_is_held_and_agreed_to(client: Client, user: User) -> None:
    give_consent(user=user, subject="charter", version="2026-11")
    response = client.get(URL)
    assert response.status_code == 200
    assert {str(kind["label"]) for kind in response.context["held"]} >= {"Votre compte"}
    html = response.content.decode()
    assert "2026-11" in html
    assert 'href="/donnees-personnelles/"' in html


def test_a_consent_keeps_its_first_date_and_its_end() -> None:
    user = UserFactory()
    first = give_consent(user=user, subject="charter", version="1")
    assert give_consent(user=user, subject="charter", version="1") == first
    give_consent(user=user, subject="charter", version="2")
    withdraw_consent(user=user, subject="charter")
    assert Consent.objects.filter(withdrawn_at=None).count() == 0
    give_consent(user=user, subject="charter", version="1")
    assert Consent.objects.count() == 3


def test_who_waits_for_approval_has_the_same_rights(client: Client) -> None:
    client.force_login(PendingUserFactory())
    assert client.get(URL).status_code == 200
    assert client.post(LEAVE, {"password": PASSWORD}).status_code == 302
    assert ErasureRequest.objects.exists()


def test_the_password_is_asked_again(client: Client, user: User) -> None:
    assert client.get(LEAVE).status_code == 200
    for wrong in ("", "un autre mot de passe", "x" * 5_000):
        response = client.post(LEAVE, {"password": wrong})
        assert response.status_code == 422
        assert "password" in response.context["form"].errors
    assert not ErasureRequest.objects.exists()
    assert client.post(LEAVE, {"password": PASSWORD}).status_code == 302
    assert ErasureRequest.objects.get().user == user
    assert client.get(URL).context["erasure"]
    # There is nothing more to ask for.
    assert client.get(LEAVE).status_code == 302


def test_a_password_is_not_guessed_here(client: Client, user: User) -> None:
    codes = [client.post(LEAVE, {"password": "faux"}).status_code for _attempt in range(6)]
    assert codes == [422] * 5 + [429]
    assert client.post(LEAVE, {"password": PASSWORD}).status_code == 429


def test_a_link_proves_it_as_well_and_opening_it_does_nothing(client: Client, user: User) -> None:
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    assert b'type="password"' not in client.get(LEAVE).content
    assert client.post(LEAVE, {"password": ""}).status_code == 422
    client.post(f"{LEAVE}lien/")
    address = leave_link()
    assert client.get(address).status_code == 200
    assert not ErasureRequest.objects.exists()
    assert client.post(address).status_code == 302
    assert ErasureRequest.objects.get().user == user


def test_a_link_works_once_and_for_its_owner_alone(client: Client, user: User) -> None:
    client.post(f"{LEAVE}lien/")
    address = leave_link()
    other = Client()
    other.force_login(UserFactory())
    assert other.post(address)["Location"] == LEAVE
    assert not ErasureRequest.objects.exists()
    client.post(address)
    client.post(f"{LEAVE}annuler/")
    assert client.post(address)["Location"] == LEAVE
    assert client.post(f"{LEAVE}forged-token/")["Location"] == LEAVE
    assert not ErasureRequest.objects.exists()


def test_one_keeps_the_account_by_a_post(client: Client, user: User) -> None:
    client.post(LEAVE, {"password": PASSWORD})
    assert client.get(f"{LEAVE}annuler/").status_code == 405
    assert ErasureRequest.objects.exists()
    client.post(f"{LEAVE}annuler/")
    assert not ErasureRequest.objects.exists()


def test_what_is_missing_is_said_with_a_way_out(client: Client, user: User) -> None:
    place = MembershipFactory(user=user, role=Membership.Role.MANAGER)
    response = client.get(LEAVE)
    html = response.content.decode()
    assert place.organisation.name in html
    assert 'href="/mon-espace/ma-structure/"' in html
    assert client.post(LEAVE, {"password": PASSWORD}).status_code == 409
    client.post(f"{LEAVE}lien/")
    assert client.post(leave_link()).status_code == 409
    assert not ErasureRequest.objects.exists()


def test_forms_refuse_other_sites(user: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    for path in ("export/", "suppression/", "suppression/lien/", "suppression/annuler/"):
        assert strict.post(f"{URL}{path}", {"password": PASSWORD}).status_code == 403


def test_same_queries_at_one_and_three_rows(client: Client, user: User) -> None:
    counter = iter(range(10))

    def add_row() -> None:
        give_consent(user=user, subject="charter", version=str(next(counter)))
        MembershipFactory(user=user)

    assert_constant_queries(add_row=add_row, call=lambda: client.get(URL), budget=20)
