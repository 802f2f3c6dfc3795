"""Sending: to a real mail server, and through its bad days."""

import email.policy
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.utils import timezone

from portal.mail.backends import LIBRARY_KIND
from portal.mail.delivery import claim_next, deliver_due
from portal.mail.enums import MailStatus
from portal.mail.models import OutboxMessage
from portal.mail.services import Attachment
from portal.mail.transport import TransportDownError, describe, is_permanent, mail_of
from tests.support.smtp_server import SmtpServer

pytestmark = pytest.mark.django_db


def only_message() -> OutboxMessage:
    return OutboxMessage.objects.get()


def test_a_message_arrives_whole(queue, smtp_server: SmtpServer, settings) -> None:
    settings.PORTAL_NAME = "Notre communauté"
    queue(context={"name": "Zoé", "title": "l’été à Ouessant"})
    assert deliver_due() == 1
    [received] = smtp_server.messages
    assert received.get_content_type() == "multipart/alternative"
    text, html = received.iter_parts()
    assert (text.get_content_type(), text.get_content_charset()) == ("text/plain", "utf-8")
    assert (html.get_content_type(), html.get_content_charset()) == ("text/html", "utf-8")
    assert "Bonjour Zoé," in text.get_content()
    assert "« l’été à Ouessant »" in html.get_content()
    assert received["Subject"] == "À propos de l’été à Ouessant"
    assert received["From"] == "Notre communauté <portail@demo.example>"
    assert received["To"] == "membre@test.example"
    assert received["Message-ID"] == only_message().message_id
    assert received["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(received["Date"]) == only_message().created_at.replace(microsecond=0)
    for absent in ("Reply-To", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Sender", "Cc", "Bcc"):
        assert received[absent] is None
    [envelope] = smtp_server.envelopes
    assert (envelope["from"], envelope["to"]) == ("portail@demo.example", ["membre@test.example"])
    assert max(len(line) for line in envelope["data"].splitlines()) <= 998


def test_what_one_subscribes_to_can_be_left_in_one_click(queue, smtp_server: SmtpServer) -> None:
    queue("tests.news", unsubscribe_url="https://portail.example/desabonnement/jeton/", reply_to="equipe@test.example")
    deliver_due()
    [received] = smtp_server.messages
    assert received["List-Id"] == "<tests.news.testserver>"
    assert received["List-Unsubscribe"] == "<https://portail.example/desabonnement/jeton/>"
    assert received["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert received["Reply-To"] == "equipe@test.example"


def test_an_attachment_arrives(queue, smtp_server: SmtpServer) -> None:
    calendar = Attachment("invitation\r\n.ics", "text/calendar", "BEGIN:VCALENDAR\r\nSUMMARY:Été\r\n".encode())
    queue(attachments=(calendar, Attachment("plan.pdf", "application/pdf", b"%PDF-\x00\xff")))
    deliver_due()
    [received] = smtp_server.messages
    first, second = received.iter_attachments()
    assert (first.get_filename(), first.get_content_type()) == ("invitation .ics", "text/calendar")
    assert "SUMMARY:Été" in first.get_content()
    assert (second.get_filename(), second.get_content()) == ("plan.pdf", b"%PDF-\x00\xff")


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n", "\u2028", "\x0b", "\x85"])
def test_nothing_typed_becomes_a_header(queue, smtp_server: SmtpServer, line_break: str) -> None:
    queue(context={"name": f"x{line_break}Bcc: tous@example.fr", "title": f"x{line_break}Bcc: tous@example.fr"})
    deliver_due()
    [envelope] = smtp_server.envelopes
    assert envelope["to"] == ["membre@test.example"]
    [received] = smtp_server.messages
    assert received["Bcc"] is None
    assert received["Subject"] == "À propos de x Bcc: tous@example.fr"


def test_a_server_that_is_down_charges_nobody(queue, smtp_server: SmtpServer) -> None:
    queue()
    smtp_server.stop()
    with pytest.raises(TransportDownError):
        deliver_due()
    waiting = only_message()
    assert (waiting.status, waiting.attempts) == (MailStatus.PENDING, 0)
    assert "ConnectionRefusedError" in waiting.last_error
    smtp_server.start()
    assert deliver_due() == 1
    sent = only_message()
    assert (sent.status, sent.attempts, sent.last_error) == (MailStatus.SENT, 1, "")
    assert timezone.now() - sent.sent_at < timedelta(seconds=10)


def test_a_refused_address_is_given_up_at_once_and_holds_up_nobody(queue, smtp_server: SmtpServer) -> None:
    queue(to="refuse@test.example")
    queue(key="essai:2")
    assert deliver_due() == 1
    refused = OutboxMessage.objects.get(key="essai:1")
    assert (refused.status, refused.attempts) == (MailStatus.DEAD, 1)
    assert refused.last_error == "SMTPRecipientsRefused: 550 5.1.1 no such mailbox"
    assert len(smtp_server.messages) == 1


def test_a_server_that_says_later_is_asked_later_and_later(queue, smtp_server: SmtpServer) -> None:
    with time_machine.travel("2026-03-12 09:00+00:00", tick=False) as clock:
        queue(to="later@test.example")
        waits = []
        while only_message().status != MailStatus.DEAD:
            assert deliver_due() == 0
            row = only_message()
            assert "451" in row.last_error
            if row.status == MailStatus.FAILED:
                waits.append(int((row.next_attempt_at - timezone.now()).total_seconds()))
                clock.shift(waits[-1] - 1)
                assert deliver_due() == 0
                assert only_message().attempts == row.attempts, "not before its time"
                clock.shift(1)
        assert waits == [60, 300, 1_800, 7_200, 21_600, 86_400]
        assert only_message().attempts == 7
        assert deliver_due() == 0
    assert not smtp_server.messages


def test_a_row_of_which_no_message_can_be_made_is_given_up(queue) -> None:
    queue()
    OutboxMessage.objects.update(subject="a\nBcc: tous@example.fr")
    queue(key="essai:2")
    assert deliver_due() == 1
    broken = OutboxMessage.objects.get(key="essai:1")
    assert broken.status == MailStatus.DEAD
    assert broken.last_error == "BadHeaderError", "its words quote the subject"


def test_what_a_dead_worker_held_is_sent_by_another_with_the_same_message_id(queue, smtp_server: SmtpServer) -> None:
    queue()
    claimed = claim_next()
    assert claimed is not None
    assert deliver_due() == 0, "held by a worker that may be alive"
    with time_machine.travel(timezone.now() + timedelta(seconds=301)):
        assert deliver_due() == 1
    assert only_message().attempts == 2
    [received] = smtp_server.messages
    assert received["Message-ID"] == claimed.message_id


def test_a_message_that_kills_its_workers_is_given_up(queue, smtp_server: SmtpServer) -> None:
    queue()
    OutboxMessage.objects.update(status=MailStatus.SENDING, attempts=7, lease_until=timezone.now())
    assert deliver_due() == 0
    assert only_message().status == MailStatus.DEAD
    assert not smtp_server.messages


def test_a_worker_that_comes_too_late_overwrites_nothing(queue, monkeypatch) -> None:
    queue()

    def taken_up_meanwhile(transport: object, message: OutboxMessage) -> None:
        OutboxMessage.objects.update(attempts=message.attempts + 1, lease_until=timezone.now() + timedelta(hours=1))

    monkeypatch.setattr("portal.mail.transport.Transport.send", taken_up_meanwhile)
    deliver_due()
    assert (only_message().status, only_message().attempts) == (MailStatus.SENDING, 2)


def test_a_stopping_worker_begins_nothing(queue) -> None:
    queue()
    assert deliver_due(is_stopping=lambda: True) == 0
    assert only_message().attempts == 0


def test_an_idle_look_writes_nothing(queue, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert deliver_due() == 0


@pytest.mark.django_db(transaction=True)
def test_an_outcome_survives_a_database_that_restarts(queue, monkeypatch, smtp_server: SmtpServer) -> None:
    queue()
    monkeypatch.setattr("portal.mail.delivery.NOTE_PAUSE_SECONDS", 0.01)
    calls = []

    def break_twice(execute, sql, params, many, context):
        if re.match(r'UPDATE "mail_outboxmessage" SET .*"sent_at"', sql) and len(calls) < 2:
            calls.append(sql)
            raise DatabaseError("gone")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(break_twice):
        assert deliver_due() == 1
    assert len(calls) == 2
    assert only_message().status == MailStatus.SENT
    assert len(smtp_server.messages) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_share_a_message(queue, smtp_server: SmtpServer) -> None:
    for number in range(30):
        queue(key=f"essai:{number}")

    def work(_number: int) -> int:
        try:
            return deliver_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(work, range(3))) == 30
    assert set(OutboxMessage.objects.values_list("status", "attempts")) == {(MailStatus.SENT, 1)}
    identifiers = [message["Message-ID"] for message in smtp_server.messages]
    assert len(identifiers) == len(set(identifiers)) == 30


def test_one_connection_carries_many(queue, smtp_server: SmtpServer, monkeypatch) -> None:
    import smtplib

    opened = []
    connect = smtplib.SMTP.connect
    monkeypatch.setattr(smtplib.SMTP, "connect", lambda *args, **kw: opened.append(1) or connect(*args, **kw))
    for number in range(5):
        queue(key=f"essai:{number}")
    started = time.monotonic()
    assert deliver_due() == 5
    assert len(opened) == 1
    assert time.monotonic() - started < 5


def test_what_a_refusal_means() -> None:
    import smtplib

    def recipient(code: int) -> smtplib.SMTPRecipientsRefused:
        return smtplib.SMTPRecipientsRefused({"a@b.fr": (code, b"r\xe9ponse")})

    assert is_permanent(recipient(550))
    assert not is_permanent(recipient(450))
    assert is_permanent(smtplib.SMTPDataError(554, b"spam"))
    assert not is_permanent(smtplib.SMTPDataError(452, b"full"))
    # The sender is the portal, whatever the message.
    assert not is_permanent(smtplib.SMTPSenderRefused(553, b"no", "a@b.fr"))
    # About the portal, not about the message: a wrong password must not empty the outbox into the dead letters.
    assert not is_permanent(smtplib.SMTPAuthenticationError(535, b"no"))
    assert not is_permanent(smtplib.SMTPConnectError(554, b"no"))
    assert not is_permanent(smtplib.SMTPServerDisconnected("gone"))
    assert not is_permanent(OSError("gone"))
    assert describe(recipient(550)) == "SMTPRecipientsRefused: 550 r\ufffdponse"


def test_a_message_written_in_somebody_elses_name_says_who_sends_it(queue) -> None:
    queue()
    OutboxMessage.objects.update(from_email="autre@test.example", kind=LIBRARY_KIND)
    parsed = email.message_from_bytes(mail_of(only_message()).message().as_bytes(), policy=email.policy.default)
    assert (parsed["From"], parsed["Sender"].split()[-1]) == ("autre@test.example", "<portail@demo.example>")
