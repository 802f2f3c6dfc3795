"""Writing into the outbox: with the transaction, once for each key, and nothing that harms."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.mail import EmailMultiAlternatives, send_mail
from django.db import transaction
from django.utils import timezone

from portal.mail.backends import LIBRARY_KIND
from portal.mail.delivery import deliver_due
from portal.mail.enums import MailCategory, MailStatus
from portal.mail.models import OutboxMessage
from portal.mail.services import (
    Attachment,
    cancel_mail,
    purge_contents,
    replay_dead,
    sender,
)

pytestmark = pytest.mark.django_db


def test_a_message_is_a_row_and_nothing_leaves(queue) -> None:
    message = queue()
    stored = OutboxMessage.objects.get(kind="tests.step")
    assert stored == message
    assert (stored.status, stored.attempts, stored.to) == (MailStatus.PENDING, 0, "membre@test.example")
    assert stored.subject == "À propos de Mobilité"
    assert "Bonjour Camille," in stored.text
    assert "https://portail.example/page/" in stored.html
    assert stored.message_id.endswith("@testserver>")
    assert not mail.outbox


def test_the_same_key_is_the_same_message(queue) -> None:
    first = queue()
    assert queue(to="autre@test.example") == first
    assert queue(key="essai:2") != first
    assert OutboxMessage.objects.count() == 2


def test_a_race_for_one_key_is_won_once(queue, monkeypatch) -> None:
    first = queue()
    # The second process looked before the first one wrote.
    monkeypatch.setattr("portal.mail.services.OutboxMessage.objects.filter", lambda **_k: OutboxMessage.objects.none())
    assert queue() == first


def test_a_rollback_leaves_nothing(queue) -> None:
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("address", ["", "nobody", "a@b.fr\nBcc: c@d.fr", "a@b.fr, c@d.fr", "Nom <a@b.fr>"])
def test_only_one_bare_address_is_written_to(queue, address: str) -> None:
    with pytest.raises(ValidationError):
        queue(to=address)
    if address:
        with pytest.raises(ValidationError):
            queue(reply_to=address)
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("url", ["/page/", "javascript:alert(1)", "https://a.example/\nx", "https://", "https://a b/"])
def test_a_button_leads_to_an_absolute_address(queue, url: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        queue(url=url)


def test_a_step_of_an_account_cannot_be_unsubscribed_from(queue) -> None:
    with pytest.raises(ImproperlyConfigured):
        queue(unsubscribe_url="https://portail.example/stop/")
    assert queue("tests.news", unsubscribe_url="https://portail.example/stop/").category == MailCategory.DIGEST


def test_an_unknown_kind_is_a_mistake(queue) -> None:
    with pytest.raises(KeyError):
        queue("tests.unknown")


def test_heavy_attachments_are_refused(queue) -> None:
    with pytest.raises(ValueError, match="bytes of attachments"):
        queue(attachments=(Attachment("a.ics", "text/calendar", b"x" * 2_000_001),))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("portail@demo.example", "Notre =?utf-8?q?communaut=C3=A9?= <portail@demo.example>"),
        ("Le portail <portail@demo.example>", "Le portail <portail@demo.example>"),
    ],
)
def test_the_portal_signs_with_its_name(settings, given: str, expected: str) -> None:
    settings.DEFAULT_FROM_EMAIL, settings.PORTAL_NAME = given, "Notre communauté"
    from email.header import decode_header, make_header

    assert str(make_header(decode_header(sender()))) == str(make_header(decode_header(expected)))


def test_what_has_not_left_can_be_cancelled(queue) -> None:
    queue()
    assert cancel_mail(key="essai:1")
    assert not cancel_mail(key="essai:1")
    assert not cancel_mail(key="inconnu")
    assert deliver_due() == 0
    assert not mail.outbox
    queue(key="essai:2")
    assert deliver_due() == 1
    assert not cancel_mail(key="essai:2")


def test_what_was_given_up_can_be_replayed(queue) -> None:
    message, other = queue(), queue(key="essai:2")
    OutboxMessage.objects.filter(pk=message.pk).update(status=MailStatus.DEAD, attempts=7, last_error="550")
    assert OutboxMessage.objects.get(pk=message.pk).is_replayable
    assert replay_dead(pks=[message.pk, other.pk]) == 1
    assert deliver_due() == 2
    again = OutboxMessage.objects.get(pk=message.pk)
    assert (again.status, again.attempts, again.message_id) == (MailStatus.SENT, 1, message.message_id)


@pytest.mark.parametrize(
    ("kind", "age", "is_kept"),
    [("tests.step", 1, True), ("tests.step", 3, False), ("tests.news", 3, True), ("tests.news", 31, False)],
)
def test_contents_do_not_stay(queue, kind: str, age: int, *, is_kept: bool) -> None:
    sent, waiting = queue(kind), queue(kind, key="essai:2")
    past = timezone.now() - timedelta(days=age)
    OutboxMessage.objects.update(created_at=past)
    OutboxMessage.objects.filter(pk=sent.pk).update(status=MailStatus.SENT)
    assert purge_contents() == (0 if is_kept else 1)
    sent.refresh_from_db()
    assert bool(sent.text and sent.html) is is_kept
    assert bool(sent.purged_at) is not is_kept
    assert sent.subject, "the journal still tells what it was"
    waiting.refresh_from_db()
    assert waiting.text, "what is not sent yet stays whole"


def test_a_purged_message_cannot_be_replayed(queue) -> None:
    message = queue()
    OutboxMessage.objects.update(status=MailStatus.DEAD, created_at=timezone.now() - timedelta(days=40))
    purge_contents()
    message.refresh_from_db()
    assert not message.is_replayable
    assert replay_dead(pks=[message.pk]) == 0


def test_rows_leave_after_a_year(queue) -> None:
    queue()
    queue(key="essai:2")
    OutboxMessage.objects.update(created_at=timezone.now() - timedelta(days=366))
    OutboxMessage.objects.filter(key="essai:1").update(status=MailStatus.SENT)
    purge_contents()
    assert [message.key for message in OutboxMessage.objects.all()] == ["essai:2"]


def test_a_library_writes_into_the_outbox_too() -> None:
    assert send_mail("Sujet", "Corps", None, ["a@test.example"], html_message="<p>Corps</p>") == 1
    stored = OutboxMessage.objects.get()
    assert (stored.kind, stored.category) == (LIBRARY_KIND, MailCategory.LIBRARY)
    assert (stored.to, stored.subject, stored.text, stored.html) == ("a@test.example", "Sujet", "Corps", "<p>Corps</p>")
    assert stored.from_email == sender()
    assert not mail.outbox


def test_each_recipient_of_a_library_has_a_message_of_their_own() -> None:
    message = EmailMultiAlternatives(
        "Sujet\nBcc: tous@example.fr",
        "<p>Corps</p>",
        "Équipe <equipe@test.example>",
        ["Un <a@test.example>", "b@test.example"],
        cc=["a@test.example"],
        bcc=["c@test.example"],
        reply_to=["Réponse <r@test.example>"],
    )
    message.content_subtype = "html"
    message.attach("note.txt", "contenu", "text/plain")
    assert message.send() == 1
    rows = OutboxMessage.objects.order_by("to")
    assert [row.to for row in rows] == ["a@test.example", "b@test.example", "c@test.example"]
    assert len({row.message_id for row in rows}) == 3
    assert {(row.subject, row.text, row.html, row.reply_to) for row in rows} == {
        ("Sujet Bcc: tous@example.fr", "", "<p>Corps</p>", "r@test.example")
    }
    assert deliver_due() == 3
    assert {(sent.content_subtype, tuple(sent.attachments[0])) for sent in mail.outbox} == {
        ("html", ("note.txt", "contenu", "text/plain"))
    }


def test_a_library_with_nobody_to_write_to_writes_nothing() -> None:
    assert EmailMultiAlternatives("Sujet", "Corps", to=[]).send() == 0
    assert not OutboxMessage.objects.exists()
