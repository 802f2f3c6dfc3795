"""The contact form: nothing lost, nothing twice, nothing injected."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.utils import timezone

from portal.content.enums import ContactStatus
from portal.content.models import ContactMessage
from portal.content.services import KEPT_FOR, delete_old_messages, follow_contact_messages
from portal.core.throttle import client_address, take_turn
from portal.mail.delivery import deliver_due
from portal.mail.enums import MailStatus
from portal.mail.models import OutboxMessage
from portal.mail.transport import TransportDownError
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(home) -> None:
    cache.clear()


def values(**changes: str) -> dict[str, str]:
    typed = {
        "uid": str(uuid4()),
        "subject": "accessibility",
        "name": "Une conseillère",
        "email": "conseillere@mission.example",
        "organisation": "Mission locale",
        "message": "Bonjour,\nle menu ne se lit pas.",
        "website": "",
    }
    return typed | changes


@pytest.fixture
def send(client):
    def post(**changes: str):
        return client.post("/contact/", values(**changes))

    return post


def test_a_message_is_stored_sent_and_answered_to_its_author(send, settings) -> None:
    response = send()
    assert (response.status_code, response["Location"]) == (302, "/contact/merci/")
    deliver_due()
    [sent] = mail.outbox
    assert sent.to == [settings.CONTACT_EMAIL]
    assert sent.reply_to == ["conseillere@mission.example"]
    assert "le menu ne se lit pas." in sent.body
    assert "Mission locale" in sent.body
    assert follow_contact_messages() == 0
    message = ContactMessage.objects.get()
    assert (message.status, message.attempts) == (ContactStatus.SENT, 1)


def test_the_page_after_says_thank_you(client) -> None:
    assert client.get("/contact/merci/").status_code == 200


def test_a_real_mail_server_gets_it(send, smtp_server) -> None:
    send()
    deliver_due()
    [received] = smtp_server.messages
    assert received["Reply-To"] == "conseillere@mission.example"
    assert "le menu ne se lit pas." in received.get_body(("plain",)).get_content()


def test_a_dead_mail_server_loses_nothing_and_breaks_nothing(send, smtp_server) -> None:
    smtp_server.stop()
    assert send().status_code == 302
    with pytest.raises(TransportDownError):
        deliver_due()
    assert follow_contact_messages() == 1
    assert ContactMessage.objects.get().status == ContactStatus.WAITING
    smtp_server.start()
    deliver_due()
    assert follow_contact_messages() == 0
    assert ContactMessage.objects.get().status == ContactStatus.SENT
    assert len(smtp_server.messages) == 1


def test_a_refused_message_shows_as_failed(send, settings) -> None:
    send()
    OutboxMessage.objects.update(status=MailStatus.DEAD, attempts=1)
    assert follow_contact_messages() == 1
    assert ContactMessage.objects.get().status == ContactStatus.FAILED


def test_a_message_and_its_mail_are_stored_together_or_not_at_all(send, monkeypatch) -> None:
    def break_down(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no outbox")

    with monkeypatch.context() as patch:
        patch.setattr("portal.content.services.queue_mail", break_down)
        with pytest.raises(RuntimeError):
            send()
    assert not ContactMessage.objects.exists()


def test_a_message_of_an_earlier_version_gets_its_mail(send) -> None:
    send()
    OutboxMessage.objects.all().delete()
    assert follow_contact_messages() == 1
    assert OutboxMessage.objects.get().reply_to == "conseillere@mission.example"


def test_a_form_sent_twice_gives_one_message(send) -> None:
    uid = str(uuid4())
    assert send(uid=uid).status_code == 302
    assert send(uid=uid).status_code == 302
    assert ContactMessage.objects.count() == 1
    assert OutboxMessage.objects.count() == 1


def test_the_same_form_with_another_text_is_another_message(send) -> None:
    uid = str(uuid4())
    send(uid=uid)
    send(uid=uid, message="J’ai oublié de dire que…")
    assert ContactMessage.objects.count() == 2
    assert OutboxMessage.objects.count() == 2


@pytest.mark.parametrize("uid", ["", "zzz", "x" * 3_000, "0"])
def test_a_missing_or_forged_identifier_loses_nothing(send, uid: str) -> None:
    assert send(uid=uid).status_code == 302
    assert ContactMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", ""),
        ("subject", "inconnu"),
        ("name", ""),
        ("name", "x" * 121),
        ("name", "a\r\nBcc: tous@example.fr"),
        ("name", "a\x00b"),
        ("name", "a\x1bb"),
        ("email", "pas une adresse"),
        ("email", "a@b.fr\r\nBcc: tous@example.fr"),
        ("email", "a" * 250 + "@example.fr"),
        ("organisation", "x" * 161),
        ("organisation", "a\u2028b"),
        ("message", ""),
        ("message", "x" * 5_001),
        ("message", "a\x00b"),
        ("message", "a\x07b"),
    ],
)
def test_bad_input_gets_an_error_at_its_field_and_loses_nothing(send, field: str, value: str) -> None:
    response = send(**{field: value})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    content = response.content.decode()
    assert 'aria-invalid="true"' in content
    if field != "message":
        assert "le menu ne se lit pas." in content
    assert not ContactMessage.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_line_breaks_stay_in_the_body(send) -> None:
    send(message="Bonjour\nBcc: tous@example.fr\n\nSuite")
    deliver_due()
    [sent] = mail.outbox
    assert sent.recipients() == [sent.to[0]]
    assert "Bcc: tous@example.fr" in sent.body


def test_a_robot_is_thanked_and_forgotten(send) -> None:
    assert send(website="https://spam.example")["Location"] == "/contact/merci/"
    assert not ContactMessage.objects.exists()


def test_the_trap_is_hidden_from_people(client) -> None:
    content = client.get("/contact/").content.decode()
    assert '<div hidden><label for="id_website"' in content
    assert content.count('name="website"') == 1


def test_five_messages_an_hour_then_wait_without_losing_the_text(send) -> None:
    for number in range(5):
        assert send(email=f"a{number}@example.fr").status_code == 302
    response = send(email="a6@example.fr")
    assert response.status_code == 429
    assert "le menu ne se lit pas." in response.content.decode()
    assert ContactMessage.objects.count() == 5


def test_the_limit_holds_for_an_address_from_everywhere() -> None:
    for number in range(6):
        response = Client(REMOTE_ADDR=f"192.0.2.{number}").post("/contact/", values())
    assert response.status_code == 429
    assert ContactMessage.objects.count() == 5


def test_a_turn_is_taken_once_and_comes_back() -> None:
    assert [take_turn("essai", "Moi", limit=2, seconds=60) for _again in range(3)] == [True, True, False]
    assert not take_turn("essai", "MOI", limit=2, seconds=60)
    assert take_turn("essai", "autre", limit=2, seconds=60)
    cache.clear()
    assert take_turn("essai", "moi", limit=2, seconds=60)


def test_the_proxy_alone_says_who_the_client_is(settings) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.2.3.4, 203.0.113.9")
    settings.SECURE_PROXY_SSL_HEADER = None
    assert client_address(request) == "10.0.0.1"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert client_address(request) == "203.0.113.9"


def test_the_address_may_choose_the_subject_and_a_member_is_known(client) -> None:
    assert client.get("/contact/?objet=rights").context["form"].initial["subject"] == "rights"
    assert client.get("/contact/?objet=%00zzz").context["form"].initial["subject"] == ""
    member = UserFactory(first_name="Camille", last_name="Test")
    client.force_login(member)
    initial = client.get("/contact/").context["form"].initial
    assert (initial["name"], initial["email"]) == ("Camille Test", member.email)


def test_old_messages_are_forgotten(send) -> None:
    send()
    ContactMessage.objects.update(created_at=timezone.now() - KEPT_FOR - timedelta(days=1))
    assert delete_old_messages() == 1
    assert not ContactMessage.objects.exists()


def test_a_forged_token_is_refused() -> None:
    assert Client(enforce_csrf_checks=True).post("/contact/", values()).status_code == 403
    assert not ContactMessage.objects.exists()
