"""The SMTP server that other tests lean on is a real one: it receives, refuses and breaks down."""

from smtplib import SMTPRecipientsRefused

import pytest
from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from tests.support.smtp_server import SmtpServer


def send_mail(subject: str, text: str, sender: str, to: list[str]) -> None:
    """Send past the outbox, which would keep the message for a worker."""
    EmailMessage(subject, text, sender, to, connection=get_connection(settings.OUTBOX_TRANSPORT)).send()


def test_a_message_travels_by_smtp_and_keeps_its_accents(smtp_server: SmtpServer) -> None:
    send_mail("Été à l’œuvre", "Voilà.", "portail@demo.example", ["membre@demo.example"])

    (message,) = smtp_server.messages
    assert message["Subject"] == "Été à l’œuvre"
    assert message.get_content().strip() == "Voilà."
    assert smtp_server.envelopes[0]["to"] == ["membre@demo.example"]


def test_a_refused_recipient_is_an_error_and_leaves_no_message(smtp_server: SmtpServer) -> None:
    with pytest.raises(SMTPRecipientsRefused):
        send_mail("Objet", "Texte", "portail@demo.example", ["refuse@demo.example"])

    assert smtp_server.messages == []


def test_a_stopped_server_refuses_connections_and_comes_back(smtp_server: SmtpServer) -> None:
    smtp_server.stop()
    with pytest.raises(ConnectionRefusedError):
        send_mail("Objet", "Texte", "portail@demo.example", ["membre@demo.example"])
    smtp_server.start()

    send_mail("Objet", "Texte", "portail@demo.example", ["membre@demo.example"])

    assert len(smtp_server.messages) == 1
