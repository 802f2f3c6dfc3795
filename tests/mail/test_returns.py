"""What comes back marks an address: by a real bounce's signed return address, and by nothing else."""

import io
import mailbox
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from portal.mail.enums import MailStatus
from portal.mail.marks import lift_mark, read_maildir, read_return_mailbox, take_in
from portal.mail.models import AddressMark, OutboxMessage
from portal.mail.returns import return_address
from portal.mail.selectors import blocked_addresses
from tests.support.smtp_server import SmtpServer

pytestmark = pytest.mark.django_db
DSN = """\
From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="b"

--b
Content-Type: text/plain

I'm sorry.

--b
Content-Type: message/{machine}

{fields}
--b
Content-Type: text/rfc822-headers

Subject: Du nouveau
Message-ID: {message_id}

--b--
"""
FAILED = """\
Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; x@y
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 no such user
"""


@pytest.fixture(autouse=True)
def _mailbox_of_returns(settings) -> None:
    """Have a mailbox for what comes back."""
    settings.MAIL_RETURN_ADDRESS = "retours@portail.example"


def report(to: str, fields: str = FAILED, kind: str = "delivery-status", message_id: str = "<x@y>") -> EmailMessage:
    machine = "feedback-report" if kind == "feedback-report" else "delivery-status"
    source = DSN.format(to=to, kind=kind, machine=machine, fields=fields, message_id=message_id)
    return message_from_string(source, policy=default)


def test_each_message_leaves_with_a_return_address_of_its_own(queue, deliver, smtp_server: SmtpServer) -> None:
    message = queue()
    deliver()
    [envelope] = smtp_server.envelopes
    assert envelope["from"] == return_address(message)
    assert envelope["from"].startswith(f"retours+{message.pk}-")
    assert len(envelope["from"].partition("@")[0]) <= 64
    [mail] = smtp_server.messages
    assert mail["From"].endswith("<portail@demo.example>")


def test_a_bounce_marks_the_address_until_its_owner_lifts_it(queue) -> None:
    message, waiting = queue("tests.news"), queue("tests.news", key="essai:2")
    account = queue(key="essai:3")
    assert take_in([report(return_address(message))]) == 1
    mark = AddressMark.objects.get()
    assert (mark.address, mark.reason) == ("membre@test.example", "bounce")
    assert "no such user" in mark.detail
    waiting.refresh_from_db()
    account.refresh_from_db()
    assert (waiting.status, account.status) == (MailStatus.CANCELLED, MailStatus.PENDING)
    # Nothing more but the mails of the account, whatever the case of the address.
    assert queue("tests.news", key="essai:4", to="Membre@test.example").status == MailStatus.CANCELLED
    assert queue(key="essai:5").status == MailStatus.PENDING
    assert lift_mark(address="MEMBRE@test.example")
    assert not lift_mark(address="membre@test.example")
    assert queue("tests.news", key="essai:6").status == MailStatus.PENDING


def test_a_complaint_marks_as_well_by_the_message_that_it_quotes(queue) -> None:
    message = queue("tests.news")
    complaint = report(
        "abuse@portail.example", "Feedback-Type: abuse\nVersion: 1\n", "feedback-report", message.message_id
    )
    assert take_in([complaint]) == 1
    assert AddressMark.objects.get().reason == "complaint"


def test_what_may_pass_marks_at_the_third_time(queue) -> None:
    fields = FAILED.replace("5.1.1", "4.2.2")
    for number in range(3):
        assert blocked_addresses(["membre@test.example"]) == set()
        take_in([report(return_address(queue("tests.news", key=f"essai:{number}")), fields)])
    assert blocked_addresses(["membre@test.example"]) == {"membre@test.example"}


@pytest.mark.parametrize(
    "to",
    ["retours@portail.example", "retours+1-0123456789abcdef0123@portail.example", "autre@portail.example", ""],
)
def test_a_forged_report_marks_nobody(queue, to: str) -> None:
    queue("tests.news")
    assert take_in([report(to)]) == 0
    assert not AddressMark.objects.exists()


def test_a_number_whose_signature_is_another_s_or_that_is_no_report_marks_nobody(queue) -> None:
    first, second = queue("tests.news"), queue("tests.news", key="essai:2")
    mixed = return_address(first).replace(f"+{first.pk}-", f"+{second.pk}-")
    plain = EmailMessage()
    plain["To"] = return_address(first)
    plain.set_content("Absente du bureau")
    delayed = report(return_address(first), FAILED.replace("failed", "delayed"))
    assert take_in([report(mixed), plain, delayed]) == 0


def test_a_mail_server_hands_reports_over_by_a_pipe_or_a_maildir(
    queue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings
) -> None:
    message = queue("tests.news")
    source = report(return_address(message)).as_bytes()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(source)))
    call_command("read_returns", stdout=(out := io.StringIO()))
    assert out.getvalue().strip() == "1"
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"\xff\x00 n'importe quoi")))
    call_command("read_returns", stdout=(out := io.StringIO()))
    assert out.getvalue().strip() == "0"
    lift_mark(address=message.to)
    box = mailbox.Maildir(tmp_path / "retours")
    box.add(source)
    box.add(b"bruit")
    assert read_maildir(tmp_path / "retours") == 1
    assert read_maildir(tmp_path / "retours") == 0
    assert len(list((tmp_path / "retours" / "cur").iterdir())) == 2
    assert AddressMark.objects.get().marked_at
    assert read_return_mailbox() == 0
    settings.MAIL_RETURN_MAILDIR = tmp_path / "retours"
    assert read_return_mailbox() == 0
    with pytest.raises(CommandError):
        call_command("read_returns", maildir=tmp_path)


def test_a_server_that_knows_nobody_there_marks_and_other_refusals_do_not(queue, deliver, smtp_server) -> None:
    queue("tests.news", to="refuse@test.example")
    deliver()
    assert OutboxMessage.objects.get().status == MailStatus.DEAD
    assert blocked_addresses(["refuse@test.example"])
    queue("tests.news", to="later@test.example", key="essai:2")
    deliver()
    assert not blocked_addresses(["later@test.example"])
