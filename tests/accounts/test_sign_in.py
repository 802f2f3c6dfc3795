"""Signing in and out at /connexion/."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.support.world import make_user

URL = "/connexion/"
PASSWORD = "Une-phrase-de-test-longue"


@pytest.fixture(autouse=True)
def _forget_attempts(db: None) -> None:
    cache.clear()


def sign_in(client: Client, email: str, password: str, **extra: str) -> object:
    return client.post(URL, {"login": email, "password": password, **extra})


def test_the_e_mail_signs_in_whatever_its_case(client: Client) -> None:
    user = make_user("membre")
    response = sign_in(client, "MEMBRE@test.example", PASSWORD)
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_what_was_typed_stays_and_the_error_is_french(client: Client) -> None:
    make_user("membre")
    response = sign_in(client, "membre@test.example", "mauvais mot de passe")
    html = response.content.decode()
    assert response.status_code == 200
    assert "membre@test.example" in html
    assert "mauvais mot de passe" not in html
    assert "incorrect" in html or "ne correspond" in html


def test_an_unknown_address_gets_the_same_answer(client: Client) -> None:
    make_user("membre")

    def answer(email: str) -> str:
        return sign_in(client, email, "mauvais mot de passe").content.decode().replace(email, "E")

    known, unknown = answer("membre@test.example"), answer("inconnu@test.example")
    assert _without_token(known) == _without_token(unknown)


def _without_token(html: str) -> str:
    head, _sep, rest = html.partition('name="csrfmiddlewaretoken"')
    return head + rest.partition(">")[2]


def test_too_many_attempts_are_refused(client: Client) -> None:
    make_user("membre")
    for _attempt in range(12):
        response = sign_in(client, "membre@test.example", "mauvais mot de passe")
    assert response.status_code == 429 or "Trop" in response.content.decode()
    sign_in(client, "membre@test.example", PASSWORD)
    assert "_auth_user_id" not in client.session


def test_the_next_page_is_followed_inside_the_portal_alone(client: Client) -> None:
    make_user("membre")
    assert sign_in(client, "membre@test.example", PASSWORD, next="/projets/")["Location"] == "/projets/"
    other = Client()
    location = sign_in(other, "membre@test.example", PASSWORD, next="https://ailleurs.example/")["Location"]
    assert not location.startswith("https://ailleurs")


def test_an_inactive_account_does_not_enter(client: Client) -> None:
    make_user("ancien", is_active=False)
    sign_in(client, "ancien@test.example", PASSWORD)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("login", ["", "x" * 10_000, "a@b\x00.example", "pas une adresse", "😀@test.example"])
def test_bad_input_is_an_error_at_its_field(client: Client, login: str) -> None:
    response = sign_in(client, login, "x")
    assert response.status_code == 200
    assert "aria-invalid" in response.content.decode()


def test_a_forged_token_is_refused_in_french() -> None:
    client = Client(enforce_csrf_checks=True)
    response = sign_in(client, "membre@test.example", PASSWORD, csrfmiddlewaretoken="forged")
    assert response.status_code == 403
    assert "formulaire" in response.content.decode()


def test_signing_out_asks_then_ends_the_session(client: Client) -> None:
    client.force_login(make_user("membre"), backend="portal.accounts.backends.MemberBackend")
    assert client.get("/deconnexion/").status_code == 200
    assert "_auth_user_id" in client.session
    client.post("/deconnexion/")
    assert "_auth_user_id" not in client.session


def test_the_admin_has_no_sign_in_of_its_own(client: Client) -> None:
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/connexion/")


def test_a_member_without_the_right_is_told_so_at_the_admin(client: Client) -> None:
    client.force_login(make_user("membre"), backend="portal.accounts.backends.MemberBackend")
    assert client.get("/admin/", follow=True).status_code == 403


def test_what_a_member_reads_stays_in_no_cache(client: Client) -> None:
    client.force_login(make_user("membre"), backend="portal.accounts.backends.MemberBackend")
    assert client.get("/annuaire/")["Cache-Control"] == "private, no-store"
    assert "Cache-Control" not in Client().get("/annuaire/")
