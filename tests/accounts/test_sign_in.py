"""Signing in and out at /connexion/."""

import pytest
from django.test import Client
from pytest_django import Settings

from portal.accounts.models import User
from tests.accounts.conftest import is_in, sign_in
from tests.support.queries import queries_of
from tests.support.world import make_user


def test_the_e_mail_signs_in_whatever_its_case(client: Client, member: User) -> None:
    response = sign_in(client, "MEMBRE@test.example")
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(member.pk)


def test_what_was_typed_stays_and_the_answer_is_a_refusal(client: Client, member: User) -> None:
    response = sign_in(client, password="mauvais mot de passe")
    html = response.content.decode()
    assert response.status_code == 422
    assert "membre@test.example" in html
    assert "mauvais mot de passe" not in html
    assert 'role="alert"' in html


def test_the_summary_does_not_speak_of_something_sent(client: Client, member: User) -> None:
    assert "Rien n’a été envoyé" not in sign_in(client, password="mauvais mot de passe").content.decode()


def people() -> dict[str, User | None]:
    """One account of every sort, and an address that has none."""
    sorts: dict[str, User | None] = {"inconnu": None, "sans-mot-de-passe": make_user("sans-mot-de-passe")}
    for status in User.MembershipStatus.values:
        sorts[status] = make_user(status, membership_status=status)
    sorts["ferme"] = make_user("ferme", is_active=False)
    link_only = sorts["sans-mot-de-passe"]
    assert link_only is not None
    link_only.set_unusable_password()
    link_only.save()
    return sorts


def without_token(html: str, email: str) -> str:
    parts = html.replace(email, "E").split('name="csrfmiddlewaretoken"')
    return parts[0] + "".join(part.partition(">")[2] for part in parts[1:])


def test_no_address_is_told_from_another_by_a_wrong_password(client: Client) -> None:
    """The same page and status, after the same number of queries and of password hashes."""
    answers = set()
    for sort in people():
        email = f"{sort}@test.example"
        response = sign_in(Client(), email, "mauvais mot de passe")
        answers.add((response.status_code, without_token(response.content.decode(), email)))
    assert len(answers) == 1


def test_every_address_costs_the_same_work(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, password, salt: hashed.append(1) or encode(self, password, salt)
    )
    counts = {}
    for sort in people():
        hashed.clear()
        # The first try of queries_of warms what processes remember.
        queries = queries_of(lambda email=f"{sort}@test.example": sign_in(Client(), email, "mauvais mot de passe"))
        counts[sort] = (len(queries), len(hashed))
    assert len(set(counts.values())) == 1, counts
    assert next(iter(counts.values()))[1] == 2


def test_the_right_password_of_a_closed_account_gets_everybody_s_answer(client: Client) -> None:
    make_user("ferme", is_active=False)
    closed = sign_in(client, "ferme@test.example")
    unknown = sign_in(Client(), "inconnu@test.example")
    assert not is_in(client)
    assert closed.status_code == unknown.status_code == 422
    assert without_token(closed.content.decode(), "ferme@test.example") == without_token(
        unknown.content.decode(), "inconnu@test.example"
    )


@pytest.mark.parametrize("status", ["pending", "refused", "suspended"])
def test_who_is_not_admitted_signs_in_to_read_why(client: Client, status: str) -> None:
    make_user("personne", membership_status=status)
    sign_in(client, "personne@test.example")
    assert is_in(client)


def test_too_many_attempts_are_refused_with_a_way_in(client: Client, member: User) -> None:
    for _attempt in range(5):
        sign_in(client, password="mauvais mot de passe")
    response = sign_in(client)
    assert response.status_code == 422
    assert not is_in(client)
    assert "/connexion/lien/" in response.content.decode()


def test_a_stranger_s_attempts_leave_the_owner_in_peace(member: User) -> None:
    stranger, owner = Client(REMOTE_ADDR="203.0.113.9"), Client(REMOTE_ADDR="192.0.2.7")
    for _attempt in range(12):
        sign_in(stranger, password="mauvais mot de passe")
    assert not is_in(stranger)
    sign_in(owner)
    assert is_in(owner)


def test_one_machine_does_not_try_every_account() -> None:
    make_user("cible")
    machine = Client(REMOTE_ADDR="203.0.113.9")
    for number in range(50):
        sign_in(machine, f"personne{number}@test.example", "mauvais mot de passe")
    sign_in(machine, "cible@test.example")
    assert not is_in(machine)


def test_a_forged_address_of_machine_counts_for_nothing(member: User, settings: Settings) -> None:
    for number in range(6):
        sign_in(Client(), password="mauvais", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    forged = Client(headers={"X-Forwarded-For": "198.51.100.77"})
    sign_in(forged)
    assert not is_in(forged)


def test_sign_ins_that_succeed_are_not_counted(member: User) -> None:
    for _time in range(8):
        client = Client()
        sign_in(client)
        assert is_in(client)


@pytest.mark.parametrize(
    "target", ["https://ailleurs.example/", "//ailleurs.example/", "/\\ailleurs.example", "javascript:alert(1)"]
)
def test_the_next_page_is_inside_the_portal(client: Client, member: User, target: str) -> None:
    assert sign_in(client, next=target)["Location"] == "/"


def test_the_next_page_is_followed(client: Client, member: User) -> None:
    assert sign_in(client, next="/projets/")["Location"] == "/projets/"


def test_the_next_page_goes_along_to_the_other_ways_in(client: Client) -> None:
    assert "/connexion/lien/?next=%2Fprojets%2F" in client.get("/connexion/?next=/projets/").content.decode()


@pytest.mark.parametrize("login", ["", "x" * 10_000, "a@b\x00.example", "pas une adresse", "😀@test.example"])
def test_bad_input_is_an_error_at_its_field(client: Client, login: str) -> None:
    response = sign_in(client, login, "x")
    assert response.status_code == 422
    assert "aria-invalid" in response.content.decode()


def test_a_forged_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, csrfmiddlewaretoken="forged").status_code == 403


def test_json_is_not_a_way_in(client: Client, member: User) -> None:
    response = client.post(
        "/connexion/",
        {"login": "membre@test.example", "password": "x"},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    assert response["Content-Type"].startswith("text/html")


def test_signing_out_asks_then_ends_the_session(signed_in: Client) -> None:
    assert signed_in.get("/deconnexion/").status_code == 200
    assert is_in(signed_in)
    signed_in.post("/deconnexion/")
    assert not is_in(signed_in)


def test_the_session_changes_its_key_at_sign_in(client: Client, member: User) -> None:
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_the_admin_has_no_sign_in_of_its_own(client: Client) -> None:
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/connexion/")
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/connexion/?next=/admin/"
    assert client.post("/admin/login/", {"username": "a", "password": "b"})["Location"] == "/connexion/"


def test_a_member_without_the_right_is_told_so_at_the_admin(signed_in: Client) -> None:
    assert signed_in.get("/admin/", follow=True).status_code == 403


def test_what_a_member_reads_stays_in_no_cache(signed_in: Client) -> None:
    assert signed_in.get("/annuaire/")["Cache-Control"] == "private, no-store"
    assert "Cache-Control" not in Client().get("/annuaire/")
