"""Signing in by a link of a mail."""

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client, override_settings
from django_tasks_db.models import DBTaskResult

from portal.accounts.models import User
from portal.accounts.tokens import NEW_PASSWORD, SIGN_IN, claim_link, make_link_token, read_link_token
from portal.mail.models import OutboxMessage
from tests.accounts.conftest import PASSWORD, is_in, last_mail, path_in, sign_in
from tests.accounts.test_sign_in import people
from tests.support.queries import queries_of
from tests.support.world import make_user

ASK = "/connexion/lien/"
SENT = "/connexion/lien/envoye/"


def ask(client: Client, email: str = "membre@test.example", **extra: str) -> str:
    """Ask for a link and return its path."""
    response = client.post(ASK, {"email": email, **extra})
    assert (response.status_code, response["Location"]) == (302, SENT)
    return path_in(last_mail("sign_in_link"), ASK)


def test_a_link_signs_in_by_post_alone(client: Client, member: User) -> None:
    path = ask(client)
    for _scanner in range(3):
        page = client.get(path)
        assert page.status_code == 200
        assert "membre@test.example" in page.content.decode()
        assert "no-store" in page["Cache-Control"]
    assert not is_in(client)
    client.post(path)
    assert client.session["_auth_user_id"] == str(member.pk)


def test_a_link_works_once(client: Client, member: User) -> None:
    path = ask(client)
    client.post(path)
    thief = Client()
    assert thief.get(path).status_code == 404
    assert thief.post(path).status_code == 404
    assert not is_in(thief)


def test_two_clicks_at_once_open_one_session(member: User) -> None:
    token = make_link_token(SIGN_IN, member)
    first, second = read_link_token(SIGN_IN, token), read_link_token(SIGN_IN, token)
    assert first is not None
    assert second is not None
    assert [claim_link(first.user), claim_link(second.user)] == [True, False]


def test_a_link_lives_a_quarter_of_an_hour(client: Client, member: User) -> None:
    with time_machine.travel("2026-03-12 09:00:00+01:00", tick=False) as clock:
        path = ask(client)
        clock.move_to("2026-03-12 09:14:59+01:00")
        assert client.get(path).status_code == 200
        clock.move_to("2026-03-12 09:15:02+01:00")
        assert client.post(path).status_code == 404
    assert not is_in(client)


@pytest.mark.parametrize("change", ["password", "email", "is_active", "other link"])
def test_a_link_dies_with_what_it_was_made_for(client: Client, member: User, change: str) -> None:
    path = ask(client)
    if change == "password":
        member.set_password("un autre mot de passe bien long")
    elif change == "email":
        member.email = "ailleurs@test.example"
    elif change == "is_active":
        member.is_active = False
    else:
        client.post(ask(client))
        client.logout()
    if change != "other link":
        member.save()
    assert client.post(path).status_code == 404
    assert not is_in(client)


@pytest.mark.parametrize("spoil", [lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"), lambda t: "x" + t, lambda t: "x"])
def test_a_tampered_link_opens_nothing(client: Client, member: User, spoil: object) -> None:
    token = make_link_token(SIGN_IN, member)
    assert callable(spoil)
    assert client.post(f"{ASK}{spoil(token)}/").status_code == 404
    assert not is_in(client)


def test_a_link_of_another_kind_opens_nothing(client: Client, member: User) -> None:
    assert client.post(f"{ASK}{make_link_token(NEW_PASSWORD, member)}/").status_code == 404
    assert client.get(f"/mot-de-passe/nouveau/{make_link_token(SIGN_IN, member)}/").status_code == 404


def test_the_next_page_is_followed_inside_the_portal_alone(client: Client, member: User) -> None:
    assert client.post(ask(client, next="/projets/"))["Location"] == "/projets/"
    other = Client()
    assert other.post(ask(other, next="https://ailleurs.example/"))["Location"] == "/"
    forged = make_link_token(SIGN_IN, User.objects.get(pk=member.pk), next_url="https://ailleurs.example/")
    assert Client().post(f"{ASK}{forged}/")["Location"] == "/"


def test_a_link_asks_for_the_second_factor_too(client: Client, member: User, protect) -> None:
    protect(member)
    response = client.post(ask(client))
    assert response["Location"] == "/connexion/code/"
    assert not is_in(client)


def test_a_link_replaces_the_session_of_another_account(signed_in: Client) -> None:
    other = make_user("autre")
    signed_in.post(ask(signed_in, "autre@test.example"))
    assert signed_in.session["_auth_user_id"] == str(other.pk)


def test_every_address_gets_the_same_page_and_the_same_work(member: User) -> None:
    """Nothing is looked up while somebody waits: the page leaves one task, whatever the address."""
    answers = set()
    tasks = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    with override_settings(TASKS=tasks):
        for sort in people():
            email = f"{sort}@test.example"
            for path in (ASK, "/mot-de-passe/oublie/"):
                cache.clear()
                queries = queries_of(lambda path=path, email=email: Client().post(path, {"email": email}))
                response = Client().post(path, {"email": email})
                answers.add((path, len(queries), response.status_code, response["Location"]))
    assert len(answers) == 2, answers
    # A task is kept for weeks, longer than the account it is about may last.
    assert DBTaskResult.objects.exists()
    assert not [task for task in DBTaskResult.objects.all() if "@" in str(task.args_kwargs)]
    assert not OutboxMessage.objects.filter(kind__in=["accounts.sign_in_link", "accounts.new_password"]).exists()


def test_an_address_that_has_no_account_or_a_closed_one_gets_no_mail(client: Client) -> None:
    people()
    for email in ("inconnu@test.example", "ferme@test.example"):
        assert client.post(ASK, {"email": email})["Location"] == SENT
    assert not OutboxMessage.objects.exists()


def test_a_mailbox_is_not_flooded_and_the_answer_stays_the_same(member: User) -> None:
    for number in range(25):
        machine = Client(REMOTE_ADDR=f"203.0.113.{number}")
        assert machine.post(ASK, {"email": "membre@test.example"})["Location"] == SENT
    assert OutboxMessage.objects.count() == 20


def test_a_machine_asks_for_few_links(client: Client, member: User) -> None:
    statuses = [client.post(ASK, {"email": e}).status_code for e in ["membre@test.example"] * 6]
    assert statuses == [302] * 5 + [429]
    unknown = [Client().post(ASK, {"email": "inconnu@test.example"}).status_code for _again in range(6)]
    assert unknown == statuses


@pytest.mark.parametrize("email", ["", "pas une adresse", "x" * 300 + "@a.example", "a@b\x00.example"])
def test_bad_input_is_an_error_at_its_field(client: Client, email: str) -> None:
    for path in (ASK, "/mot-de-passe/oublie/"):
        response = client.post(path, {"email": email})
        assert response.status_code == 422
        assert "aria-invalid" in response.content.decode()


def test_a_forged_form_is_refused(member: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(ASK, {"email": "membre@test.example"}).status_code == 403
    assert client.post(f"{ASK}{make_link_token(SIGN_IN, member)}/").status_code == 403


def test_the_pages_after_say_the_same_to_all(client: Client) -> None:
    for path in (SENT, "/mot-de-passe/oublie/envoye/"):
        assert client.get(path).status_code == 200


def test_a_locked_password_leaves_the_link(client: Client, member: User) -> None:
    for _attempt in range(6):
        sign_in(client, password="mauvais mot de passe")
    sign_in(client, password=PASSWORD)
    assert not is_in(client)
    client.post(ask(client))
    assert is_in(client)
