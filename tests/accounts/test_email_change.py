"""Another address: both mailboxes agree, or nothing changes."""

from datetime import timedelta

import pytest
from django.test import Client

from portal.accounts.models import EmailChange, User
from portal.mail.models import OutboxMessage
from tests.accounts.conftest import is_in, last_mail, path_in, sign_in
from tests.support.world import make_user

URL = "/mon-espace/securite/adresse/"
ANSWER = "/connexion/adresse/"
NEW = "nouvelle@test.example"


def ask(client: Client, email: str = NEW) -> None:
    assert client.post(URL, {"email": email}).status_code == 302


def paths() -> tuple[str, str]:
    """Return the pages of the present and of the new mailbox."""
    return path_in(last_mail("email_change_old"), ANSWER), path_in(last_mail("email_change_new"), ANSWER)


def address_of(user: User) -> str:
    user.refresh_from_db()
    return user.email


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_address_changes_when_both_mailboxes_have_agreed(
    signed_in: Client, member: User, order: tuple[int, int]
) -> None:
    ask(signed_in)
    assert last_mail("email_change_old").to == "membre@test.example"
    assert last_mail("email_change_new").to == NEW
    both, visitor = paths(), Client()
    for path in both:
        assert visitor.get(path).status_code == 200
    assert address_of(member) == "membre@test.example", "opening a page agrees to nothing"
    visitor.post(both[order[0]], {"answer": "agree"})
    assert address_of(member) == "membre@test.example"
    visitor.post(both[order[1]], {"answer": "agree"})
    assert address_of(member) == NEW
    told = OutboxMessage.objects.filter(kind="accounts.email_changed").values_list("to", flat=True)
    assert set(told) == {"membre@test.example", NEW}
    client = Client()
    sign_in(client, NEW)
    assert is_in(client)
    assert sign_in(Client(), "membre@test.example").status_code == 422


def test_one_mailbox_twice_is_not_two(signed_in: Client, member: User) -> None:
    ask(signed_in)
    for _again in range(2):
        Client().post(paths()[1], {"answer": "agree"})
    assert address_of(member) == "membre@test.example"


@pytest.mark.parametrize("side", [0, 1])
def test_either_mailbox_refuses(signed_in: Client, member: User, side: int) -> None:
    ask(signed_in)
    both = paths()
    Client().post(both[1 - side], {"answer": "agree"})
    Client().post(both[side], {"answer": "refuse"})
    assert Client().post(both[side], {"answer": "agree"}).status_code == 404
    assert address_of(member) == "membre@test.example"


def test_the_owner_withdraws(signed_in: Client, member: User) -> None:
    ask(signed_in)
    both = paths()
    signed_in.post(f"{URL}annuler/")
    assert Client().get(both[0]).status_code == 404
    assert EmailChange.objects.get().status == EmailChange.Status.CANCELLED


def test_another_wish_withdraws_the_first(signed_in: Client, member: User) -> None:
    ask(signed_in)
    first = paths()
    ask(signed_in, "encore@test.example")
    assert Client().get(first[1]).status_code == 404


def test_a_wish_lives_one_day(signed_in: Client, member: User) -> None:
    ask(signed_in)
    both = paths()
    change = EmailChange.objects.get()
    change.asked_at -= timedelta(hours=24, seconds=1)
    change.save()
    assert Client().post(both[0], {"answer": "agree"}).status_code == 404


def test_a_used_link_and_a_forged_one_open_nothing(signed_in: Client, member: User) -> None:
    ask(signed_in)
    both = paths()
    for path in both:
        Client().post(path, {"answer": "agree"})
    assert Client().get(both[0]).status_code == 404
    assert Client().get(both[0].replace(ANSWER, f"{ANSWER}x")).status_code == 404
    assert Client().get(f"{ANSWER}x/").status_code == 404


def test_an_address_that_has_an_account_is_not_told_from_another(signed_in: Client, member: User) -> None:
    """The same page, as many mails; only the owner of that address learns of it."""
    make_user("autre")
    pages = []
    for email in (NEW, "autre@test.example"):
        ask(signed_in, email)
        pages.append(signed_in.get(URL).content.decode().replace(email, "E"))
    cut = [page.split("<main")[1].split("csrfmiddlewaretoken")[0] for page in pages]
    assert cut[0] == cut[1]
    assert last_mail("email_in_use").to == "autre@test.example"
    assert OutboxMessage.objects.count() == 4
    assert not OutboxMessage.objects.filter(kind="accounts.email_change_new", to="autre@test.example").exists()
    Client().post(path_in(last_mail("email_change_old"), ANSWER), {"answer": "agree"})
    assert address_of(member) == "membre@test.example"


def test_an_address_taken_in_the_meantime_is_left_to_its_owner(signed_in: Client, member: User) -> None:
    ask(signed_in)
    User.objects.create_user(NEW, "Une-phrase-de-test-longue")
    for path in paths():
        assert Client().post(path, {"answer": "agree"}).status_code == 200
    assert address_of(member) == "membre@test.example"
    assert EmailChange.objects.get().status == EmailChange.Status.CANCELLED


@pytest.mark.parametrize("email", ["", "x", "membre@test.example", "MEMBRE@test.example", "a\x00@b.example"])
def test_bad_input_is_an_error_at_its_field(signed_in: Client, email: str) -> None:
    response = signed_in.post(URL, {"email": email})
    assert response.status_code == 422
    assert "aria-invalid" in response.content.decode()


def test_a_visitor_and_a_forged_form_change_nothing(client: Client, member: User) -> None:
    assert client.post(URL, {"email": NEW})["Location"].startswith("/connexion/")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member, backend="portal.accounts.backends.MemberBackend")
    assert strict.post(f"{URL}annuler/").status_code == 403
    assert not EmailChange.objects.exists()
