"""A form that is sent twice writes once, and one whose sending failed is not taken for sent."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client

from forum.community.models import Discussion, Draft, Message
from forum.community.views import sending, writing
from forum.machina_apps.forum_conversation.models import Post
from portal.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.forum.factories import make_discussion, make_space
from tests.forum.test_writing import ASK, question, reread, signed_in

pytestmark = pytest.mark.django_db
TYPED = "Un long texte que je ne veux pas perdre"
NONCE = "c" * 32


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(sending, "LOOKS", 2)
    monkeypatch.setattr(sending, "PAUSE", 0)


@pytest.fixture
def author() -> User:
    return UserFactory()


@pytest.fixture(params=["ask_question", "reply"])
def service(request: pytest.FixtureRequest) -> str:
    """Return the name of what writes the message that ``send`` sends."""
    return str(request.param)


@pytest.fixture
def send(service: str, author: User) -> Callable[..., Any]:
    """Return what sends the same form, each time that it is called."""
    client, space = signed_in(author), make_space()
    client.raise_request_exception = False
    address = ASK if service == "ask_question" else f"{reread(make_discussion(space)).get_absolute_url()}repondre/"

    def post(nonce: str = NONCE) -> Any:
        return client.post(address, question(space, content=TYPED, envoi=nonce))

    return post


def written() -> int:
    return sum(post.content.raw == TYPED for post in Post.objects.all())


def test_the_same_form_leads_where_it_led(send: Callable[..., Any]) -> None:
    first, second = send(), send()
    assert written() == 1
    assert first["Location"] == second["Location"]
    send("d" * 32)
    assert written() == 2


def test_a_sending_that_failed_is_written_when_it_is_sent_again(
    send: Callable[..., Any], service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_values: object) -> None:
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(writing, service, fail)
        assert send().status_code == 500
    assert written() == 0
    assert send().status_code == 302
    assert written() == 1


def kill(patched: pytest.MonkeyPatch, service: str) -> None:
    """Have the next sending end as one whose worker is killed: nothing is written, noted nor forgotten."""

    def fail(**_values: object) -> None:
        raise OperationalError

    patched.setattr(writing, service, fail)
    patched.setattr(sending.Sending, "__exit__", lambda *_arguments: None)


def test_what_a_killed_worker_did_not_write_is_given_back(
    send: Callable[..., Any], service: str, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        kill(patched, service)
        send()
    response = send()
    assert response.status_code == 409
    page = response.content.decode()
    assert TYPED in page
    assert "déjà en cours d’envoi" in page
    assert f'name="envoi" value="{NONCE}"' in page
    assert Draft.objects.get(user=author).values["content"] == TYPED
    assert written() == 0


def test_what_a_killed_worker_did_not_write_is_written_once_its_claim_has_ended(
    send: Callable[..., Any], service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sending.HELD <= 30
    with monkeypatch.context() as patched:
        kill(patched, service)
        patched.setattr(sending, "HELD", -1)
        send()
    assert send().status_code == 302
    assert written() == 1


def test_the_same_form_sent_while_it_is_written_writes_nothing(
    send: Callable[..., Any], service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, meanwhile = getattr(writing, service), []

    def write_slowly(**values: Any) -> Discussion | Message:
        meanwhile.append(send())
        return write(**values)

    with monkeypatch.context() as patched:
        patched.setattr(writing, service, write_slowly)
        first = send()
    assert [response.status_code for response in meanwhile] == [409]
    assert written() == 1
    assert send()["Location"] == first["Location"]


def test_a_double_click_waits_for_the_first_to_end(
    send: Callable[..., Any], author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = f"forum:sent:{author.pk}:{NONCE}"
    cache.set(key, "", timeout=sending.HELD)
    monkeypatch.setattr(sending.time, "sleep", lambda _seconds: cache.set(key, "/forum/messages/1/", timeout=60))
    assert send()["Location"] == "/forum/messages/1/"
    assert written() == 0
    # Where the first one fails, the second one writes.
    cache.set(key, "", timeout=sending.HELD)
    monkeypatch.setattr(sending.time, "sleep", lambda _seconds: cache.delete(key))
    assert send().status_code == 302
    assert written() == 1


def test_a_cache_that_holds_nothing_loses_no_message(send: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = SimpleNamespace(
        add=lambda *_values, **_more: False, get=lambda _key: None, set=lambda *_values, **_more: None
    )
    monkeypatch.setattr(sending, "cache", nothing)
    assert send().status_code == 302
    assert written() == 1


def test_a_nonce_that_no_page_gave_is_no_error(send: Callable[..., Any]) -> None:
    assert send("a\0b" + "é" * 5_000).status_code == 302
    assert send("a\0b" + "é" * 5_000).status_code == 302
    assert written() == 1
    assert send("\0").status_code == 302
    assert written() == 2
    client = Client()
    client.force_login(UserFactory(), backend="portal.accounts.backends.MemberBackend")
    page = client.post(ASK, {"subject": "Court", "action": "publier", "envoi": "a\0b"})
    assert page.context["nonce"] == "ab"
