"""Passwords: what is refused, forgotten ones, changes."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from portal.accounts.models import User
from portal.accounts.tokens import NEW_PASSWORD, make_link_token
from tests.accounts.conftest import PASSWORD, is_in, last_mail, path_in, sign_in

FORGOTTEN = "/mot-de-passe/oublie/"
NEW = "/mot-de-passe/nouveau/"
CHANGE = "/mon-espace/securite/mot-de-passe/"
GOOD = "quatre loutres peignent Vannes"


@pytest.mark.parametrize(
    "password",
    [
        "Court1!aB3$dE5g",
        "x",
        "aaaaaaaaaaaaaaaaaaa",
        "123456789012345678",
        "azertyuiopqsdfgh",
        "qwertyuiopasdfgh",
        "motdepassemotdepasse",
        "motdepasse1234567!",
        "abcabcabcabcabcabc",
        "notrecommunaute2026",
        "membre@test.example",
    ],
)
def test_what_is_guessed_first_is_refused(db: None, password: str) -> None:
    if password == "Court1!aB3$dE5g":
        # Fifteen signs pass whatever they are made of.
        validate_password(password)
        password = password[:-1]
    with pytest.raises(ValidationError):
        validate_password(password, User(email="membre@test.example", first_name="Membre"))


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "cheval-agrafe-turquoise-nantes",
        "uneseulelonguephrase",
        "émojis 😀 et espaces aussi",
        "z" + "ab" * 9 + "qué",
    ],
)
def test_a_passphrase_needs_no_digit_and_no_sign(password: str) -> None:
    validate_password(password)


def forgotten(client: Client, email: str = "membre@test.example") -> str:
    assert client.post(FORGOTTEN, {"email": email}).status_code == 302
    return path_in(last_mail("new_password"), NEW)


def test_a_forgotten_password_is_replaced_by_a_link_of_one_use(client: Client, member: User) -> None:
    path = forgotten(client)
    assert client.get(path).status_code == 200
    response = client.post(path, {"password": GOOD})
    assert response["Location"] == "/connexion/"
    assert not is_in(client), "a new password does not go round the second factor"
    assert client.post(path, {"password": GOOD + " bis"}).status_code == 404
    sign_in(client, password=PASSWORD)
    assert not is_in(client)
    sign_in(client, password=GOOD)
    assert is_in(client)


def test_a_refused_password_does_not_use_the_link_up(client: Client, member: User) -> None:
    path = forgotten(client)
    response = client.post(path, {"password": "court"})
    assert response.status_code == 422
    assert "court" not in response.content.decode().split("<form", 2)[-1].split('name="password"')[1][:200]
    assert client.post(path, {"password": GOOD}).status_code == 302


def test_a_new_password_ends_every_session_and_tells_the_owner(signed_in: Client, member: User) -> None:
    path = forgotten(Client())
    Client().post(path, {"password": GOOD})
    assert signed_in.get("/mon-espace/").status_code == 302
    assert last_mail("password_changed").to == "membre@test.example"


def test_the_link_does_not_go_round_the_second_factor(client: Client, member: User, protect) -> None:
    protect(member)
    client.post(forgotten(client), {"password": GOOD})
    assert sign_in(client, password=GOOD)["Location"] == "/connexion/code/"
    assert not is_in(client)


def test_a_closed_account_gets_no_new_password(client: Client, member: User) -> None:
    token = make_link_token(NEW_PASSWORD, member)
    member.is_active = False
    member.save()
    assert client.post(f"{NEW}{token}/", {"password": GOOD}).status_code == 404


def test_a_change_keeps_this_session_and_ends_the_others(signed_in: Client, member: User) -> None:
    other = Client()
    sign_in(other)
    assert other.get("/mon-espace/").status_code == 200
    assert signed_in.get(CHANGE).status_code == 200
    assert signed_in.post(CHANGE, {"password": GOOD})["Location"] == "/mon-espace/securite/"
    assert signed_in.get("/mon-espace/").status_code == 200
    assert other.get("/mon-espace/").status_code == 302
    assert last_mail("password_changed")
    page = signed_in.get("/mon-espace/securite/appareils/").content.decode()
    assert page.count("<tr>") == 2


def test_a_refused_change_changes_nothing(signed_in: Client, member: User) -> None:
    response = signed_in.post(CHANGE, {"password": "motdepasse12345"})
    assert response.status_code == 422
    member.refresh_from_db()
    assert member.check_password(PASSWORD)


def test_an_old_session_proves_itself_first(signed_in: Client, member: User) -> None:
    session = signed_in.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0}]
    session.save()
    response = signed_in.post(CHANGE, {"password": GOOD})
    verification = "/mon-espace/securite/verification/"
    assert response["Location"] == f"{verification}?next=%2Fmon-espace%2Fsecurite%2Fmot-de-passe%2F"
    assert GOOD not in str(dict(signed_in.session)), "what was posted is not kept"
    wrong = signed_in.post(verification, {"password": "faux", "next": CHANGE})
    assert wrong.status_code == 422
    right = signed_in.post(verification, {"password": PASSWORD, "next": CHANGE})
    assert right["Location"] == CHANGE
    assert signed_in.get(CHANGE).status_code == 200


def test_the_verification_counts_its_tries(signed_in: Client, member: User) -> None:
    session = signed_in.session
    session["account_authentication_methods"] = []
    session.save()
    verification = "/mon-espace/securite/verification/"
    for _attempt in range(5):
        signed_in.post(verification, {"password": "faux"})
    assert signed_in.post(verification, {"password": PASSWORD}).status_code == 422


def test_the_verification_leads_inside_the_portal_alone(signed_in: Client) -> None:
    response = signed_in.get("/mon-espace/securite/verification/?next=https://ailleurs.example/")
    assert response["Location"] == "/mon-espace/securite/"


def test_who_has_no_password_proves_by_a_link(client: Client, member: User) -> None:
    member.set_unusable_password()
    member.save()
    client.force_login(member, backend="portal.accounts.backends.MemberBackend")
    assert client.get(CHANGE)["Location"].startswith("/mon-espace/securite/verification/")
    client.post("/mon-espace/securite/verification/", {"next": CHANGE})
    response = client.post(path_in(last_mail("sign_in_link"), "/connexion/lien/"))
    assert response["Location"] == CHANGE
    assert client.post(CHANGE, {"password": GOOD}).status_code == 302
    member.refresh_from_db()
    assert member.check_password(GOOD)
