"""The second factor: authenticator app, recovery codes, who must have one."""

import base64
import re
import time
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.messages import get_messages
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from portal.accounts.models import User
from portal.accounts.second_factor import SecondFactorAdapter
from portal.accounts.services import appoint_animator
from portal.accounts.sign_in.forms import clean_code
from tests.accounts.conftest import App, codes_row, is_in, last_mail, path_in, sign_in
from tests.support.world import make_territories, make_user

CODE = "/connexion/code/"
FACTORS = "/mon-espace/securite/second-facteur/"
APP = f"{FACTORS}application/"
CODES = f"{FACTORS}codes/"
FILE = f"{CODES}fichier/"


def set_up_app(client: Client) -> tuple[App, Any]:
    """Set an application up as a person does: read the key, type the code."""
    html = client.get(APP).content.decode()
    key = re.search(r"<strong[^>]*>([A-Z2-7 ]{32,})</strong>", html)
    assert key
    app = App(key.group(1))
    return app, client.post(APP, {"code": app.code(time.time())})


def test_an_application_is_set_up_then_asked_for(
    signed_in: Client, member: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        app, response = set_up_app(signed_in)
    assert response["Location"] == CODES
    assert last_mail("second_factor_added").to == member.email
    other = Client()
    assert sign_in(other, next="/projets/")["Location"] == CODE
    assert not is_in(other)
    assert other.get("/mon-espace/").status_code == 302
    assert other.get(CODE).status_code == 200
    with time_machine.travel(time.time() + 60):
        assert other.post(CODE, {"code": f" {app.code(time.time())[:3]} {app.code(time.time())[3:]}"})["Location"] == (
            "/projets/"
        )
    assert is_in(other)


def test_the_qr_code_is_an_image_of_our_own(signed_in: Client) -> None:
    html = signed_in.get(APP).content.decode()
    data = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', html)
    assert data
    svg = base64.b64decode(data.group(1)).decode()
    assert svg.startswith("<svg")
    assert 'xmlns="http://www.w3.org/2000/svg"' in svg


def test_the_key_is_not_stored_in_clear(signed_in: Client, member: User) -> None:
    app, _response = set_up_app(signed_in)
    row = Authenticator.objects.get(user=member, type=Authenticator.Type.TOTP)
    assert app.secret not in str(row.data)
    assert SecondFactorAdapter().decrypt(row.data["secret"]) == app.secret


def test_an_old_secret_key_still_reads(settings: Settings) -> None:
    adapter = SecondFactorAdapter()
    stored = adapter.encrypt("secret")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "n" * 60
    assert adapter.decrypt(stored) == "secret"


def test_a_wrong_first_code_sets_nothing_up(signed_in: Client, member: User) -> None:
    signed_in.get(APP)
    assert signed_in.post(APP, {"code": "000000"}).status_code == 422
    assert not Authenticator.objects.filter(user=member).exists()


def test_a_code_works_once(member: User, protect: Any) -> None:
    app, _codes = protect(member)
    with time_machine.travel("2026-03-12 09:00:10+01:00", tick=False) as clock:
        code = app.code(time.time())
        first, second = Client(), Client()
        sign_in(first)
        first.post(CODE, {"code": code})
        assert is_in(first)
        # allauth forgets used codes after 30 seconds, while it still accepts this one.
        clock.shift(35)
        sign_in(second)
        assert second.post(CODE, {"code": code}).status_code == 422
        assert not is_in(second)


def test_wrong_codes_are_counted_for_the_account(member: User, protect: Any) -> None:
    app, _codes = protect(member)
    for number in range(20):
        machine = Client(REMOTE_ADDR=f"203.0.113.{number}")
        sign_in(machine)
        assert machine.post(CODE, {"code": "000000"}).status_code == 422
    client = Client()
    sign_in(client)
    assert client.post(CODE, {"code": app.code(time.time())}).status_code == 422
    assert not is_in(client)


@pytest.mark.parametrize("code", ["", "x" * 5_000, "١٢٣٤٥٦", "12345\x00", "abc def"])
def test_bad_codes_are_errors_at_their_field(client: Client, member: User, protect: Any, code: str) -> None:
    protect(member)
    sign_in(client)
    response = client.post(CODE, {"code": code})
    assert response.status_code == 422
    assert "aria-invalid" in response.content.decode()


#: Brackets, and figures, by the thousand: the reader of JSON gives up on both in its own way.
DEEP, LONG = "[" * 20_000, "9" * 20_000


@pytest.mark.parametrize(
    "credential",
    ["", "x", "{}", "[]", '{"id": "x"}', '{"response": {"userHandle": "x"}}', DEEP, LONG, '{"id": "\\u0000"}'],
    ids=lambda credential: credential[:12],
)
def test_forged_passkeys_open_nothing(client: Client, member: User, protect: Any, credential: str) -> None:
    protect(member)
    client.get("/connexion/cle/")
    assert client.post("/connexion/cle/", {"credential": credential})["Location"] == "/connexion/"
    sign_in(client)
    assert client.post(CODE, {"credential": credential}).status_code == 422
    assert not is_in(client)


@pytest.mark.parametrize("credential", [DEEP, LONG])
def test_an_unreadable_passkey_is_refused_in_words(signed_in: Client, member: User, credential: str) -> None:
    response = signed_in.post(f"{FACTORS}cle/", {"name": "Clé", "credential": credential})
    assert response.status_code == 422
    assert "n’a pas été acceptée" in response.content.decode()
    assert not Authenticator.objects.filter(user=member).exists()


def test_one_browser_s_failures_leave_its_agency_in_peace(db: None) -> None:
    """A broken key is stopped by itself; who signs in behind the same address goes on."""

    def tries(browser: Client, number: int) -> list[str]:
        browser.get("/connexion/cle/")
        for _try in range(number):
            browser.post("/connexion/cle/", {"credential": "{}"})
        return [str(message) for message in get_messages(browser.get("/connexion/").wsgi_request)]

    assert "Trop d’essais" in tries(Client(), 21)[-1]
    assert not any("Trop d’essais" in said for said in tries(Client(), 5))


def test_the_second_step_alone_is_nothing(client: Client) -> None:
    assert client.get(CODE)["Location"] == "/connexion/"


def test_a_recovery_code_works_once(member: User, protect: Any) -> None:
    _app, codes = protect(member)
    first, second = Client(), Client()
    sign_in(first)
    first.post(CODE, {"code": f"{codes[0][:4]} {codes[0][4:]}"})
    assert is_in(first)
    sign_in(second)
    second.post(CODE, {"code": codes[0]})
    assert not is_in(second)


def test_recovery_codes_are_shown_until_they_are_noted(signed_in: Client, member: User) -> None:
    set_up_app(signed_in)
    codes = codes_row(member).wrap().get_unused_codes()
    spaced = f"{codes[0][:4]} {codes[0][4:]}"
    for _reload in range(2):
        assert spaced in signed_in.get(CODES).content.decode()
    file = signed_in.get(FILE)
    assert file["Content-Disposition"].startswith("attachment")
    assert all(f"{code[:4]} {code[4:]}" in file.content.decode() for code in codes)
    signed_in.post(CODES, {"action": "noted"})
    assert spaced not in signed_in.get(CODES).content.decode()
    assert signed_in.get(FILE).status_code == 404


def test_recovery_codes_are_not_shown_later(signed_in: Client, member: User) -> None:
    set_up_app(signed_in)
    codes = codes_row(member)
    codes.created_at -= timedelta(minutes=16)
    codes.save()
    assert codes.wrap().get_unused_codes()[0][:4] not in signed_in.get(CODES).content.decode().split("<main")[1]
    assert signed_in.get(FILE).status_code == 404


def test_new_codes_replace_the_former_ones(signed_in: Client, member: User) -> None:
    set_up_app(signed_in)
    before = codes_row(member).wrap().get_unused_codes()
    signed_in.post(CODES, {"action": "new"})
    after = codes_row(member).wrap().get_unused_codes()
    assert not set(before) & set(after)
    assert after[0][:4] in signed_in.get(CODES).content.decode()


def test_a_password_alone_does_not_remove_a_second_factor(member: User, protect: Any) -> None:
    app, _codes = protect(member)
    client = Client()
    sign_in(client)
    client.post(CODE, {"code": app.code(time.time())})
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "at": 0},
        {"method": "password", "at": time.time()},
    ]
    session.save()
    row = Authenticator.objects.get(user=member, type=Authenticator.Type.TOTP)
    remove = f"{FACTORS}{row.pk}/retirer/"
    verification = "/mon-espace/securite/verification/"
    assert client.post(remove)["Location"].startswith(verification)
    assert 'name="password"' not in client.get(verification).content.decode()
    with time_machine.travel(time.time() + 200):
        proof = client.post(verification, {"code": app.code(time.time()), "next": remove})
        assert proof["Location"] == remove
        assert client.get(remove).status_code == 200
        client.post(remove)
    assert not Authenticator.objects.filter(user=member).exists(), "its recovery codes go with it"
    assert last_mail("second_factor_removed")


def test_somebody_else_s_factor_is_not_found(signed_in: Client, protect: Any) -> None:
    other = make_user("autre")
    protect(other)
    row = Authenticator.objects.get(user=other, type=Authenticator.Type.TOTP)
    assert signed_in.post(f"{FACTORS}{row.pk}/retirer/").status_code == 404
    assert signed_in.post(f"{FACTORS}{codes_row(other).pk}/retirer/").status_code == 404
    assert Authenticator.objects.filter(user=other).count() == 2


def test_the_first_factor_ends_the_sessions_opened_without_it(signed_in: Client) -> None:
    other = Client()
    sign_in(other)
    other.get("/mon-espace/")
    set_up_app(signed_in)
    assert other.get("/mon-espace/").status_code == 302
    assert signed_in.get("/mon-espace/").status_code == 200


# Animators and administrators


@pytest.fixture
def animator(settings: Settings) -> User:
    settings.MFA_REQUIRED_FOR_STAFF = True
    user = make_user("animateur")
    appoint_animator(user=user, territory=make_territories()["53"])
    return user


@pytest.mark.parametrize("path", ["/admin/", "/admin/pages/", "/animation/", "/", "/forum/", "/mon-espace/"])
def test_an_animator_without_a_factor_is_led_to_set_one_up(client: Client, animator: User, path: str) -> None:
    sign_in(client, animator.email)
    for method in (client.get, client.post):
        assert method(path)["Location"].startswith(FACTORS)


def test_an_animator_enters_with_the_factor_just_set_up(client: Client, animator: User) -> None:
    sign_in(client, animator.email)
    set_up_app(client)
    assert client.get("/admin/").status_code == 200


def test_a_session_that_has_passed_only_the_password_has_no_admin(client: Client, animator: User, protect: Any) -> None:
    app, _codes = protect(animator)
    assert sign_in(client, animator.email)["Location"] == CODE
    assert client.get("/admin/")["Location"].startswith("/connexion/")
    client.post(CODE, {"code": app.code(time.time())})
    assert client.get("/admin/").status_code == 200


def test_a_session_from_before_the_factor_proves_it(client: Client, animator: User, protect: Any) -> None:
    sign_in(client, animator.email)
    protect(animator)
    assert client.get("/admin/")["Location"].startswith("/mon-espace/securite/verification/")


def test_a_link_by_mail_is_no_second_factor(client: Client, animator: User) -> None:
    client.post("/connexion/lien/", {"email": animator.email})
    client.post(path_in(last_mail("sign_in_link"), "/connexion/lien/"))
    assert client.get("/admin/")["Location"].startswith(FACTORS)


def test_an_animator_keeps_the_last_factor(client: Client, animator: User) -> None:
    sign_in(client, animator.email)
    set_up_app(client)
    row = Authenticator.objects.get(user=animator, type=Authenticator.Type.TOTP)
    assert client.post(f"{FACTORS}{row.pk}/retirer/").status_code == 422
    assert Authenticator.objects.filter(pk=row.pk).exists()


def test_members_and_other_settings_are_left_alone(signed_in: Client, animator: User, settings: Settings) -> None:
    assert signed_in.get("/admin/", follow=True).status_code == 403
    settings.MFA_REQUIRED_FOR_STAFF = False
    client = Client()
    sign_in(client, animator.email)
    assert client.get("/admin/").status_code == 200


# Lost devices


def test_the_team_takes_off_what_somebody_has_lost(member: User, protect: Any) -> None:
    app, _codes = protect(member)
    client = Client()
    sign_in(client)
    client.post(CODE, {"code": app.code(time.time())})
    call_command("remove_second_factor", "Membre@test.example", stdout=StringIO())
    assert last_mail("second_factor_removed").to == member.email
    assert client.get("/mon-espace/").status_code == 302
    sign_in(client)
    assert is_in(client)


@pytest.mark.parametrize("email", ["membre@test.example", "inconnu@test.example"])
def test_where_there_is_none_the_team_is_told(member: User, email: str) -> None:
    with pytest.raises(CommandError, match="second factor"):
        call_command("remove_second_factor", email)


def test_a_code_typed_with_a_dash_is_the_same_code() -> None:
    assert clean_code(" 123-456 ") == clean_code("123456") == "123456"
