"""What comes back: reports that a message did not arrive (RFC 3464), or that its reader complained (RFC 5965).

Each message leaves with a return address of its own, "returns+<number>-<signature>@host" (VERP). A
report that comes back to it is about that message: nobody can have another's address marked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default as policy
from email.utils import getaddresses

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from portal.mail.enums import MarkReason
from portal.mail.models import OutboxMessage

SIGNATURE_LENGTH = 20
#: Where mail servers write to whom a message was really delivered.
RECIPIENT_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "X-Failed-Recipients")
_TAG = re.compile(r"(?P<pk>[0-9]{1,18})-(?P<signature>[0-9a-f]{20})", re.ASCII)


@dataclass(frozen=True)
class Return:
    """What one report says of one message; ``is_permanent`` where no later message would arrive either."""

    message: OutboxMessage
    reason: str
    is_permanent: bool
    detail: str


def return_address(message: OutboxMessage) -> str:
    """Return the envelope's sender of a message; empty where the portal has no mailbox for returns."""
    if not settings.MAIL_RETURN_ADDRESS:
        return ""
    local, _at, host = settings.MAIL_RETURN_ADDRESS.rpartition("@")
    return f"{local}+{message.pk}-{_signature(message.pk)}@{host}"


def _signature(pk: int) -> str:
    return salted_hmac("mail.returns", str(pk), algorithm="sha256").hexdigest()[:SIGNATURE_LENGTH]


def read_return(report: EmailMessage) -> Return | None:
    """Return what a message in the mailbox of returns says; None for anything that is no report about ours."""
    kind = str(report.get_param("report-type", "")).lower()
    if report.get_content_type() != "multipart/report" or kind not in {"delivery-status", "feedback-report"}:
        return None
    message = _message_of(report)
    if message is None:
        return None
    if kind == "feedback-report":
        return Return(message, MarkReason.COMPLAINT, True, _field(report, "feedback-type") or "abuse")
    if _field(report, "action").lower() != "failed":
        return None
    status = _field(report, "status")
    detail = f"{status} {_field(report, 'diagnostic-code')}".strip()
    return Return(message, MarkReason.BOUNCE, status.startswith("5"), detail)


def _message_of(report: EmailMessage) -> OutboxMessage | None:
    """Return the message that a report is about: by its signed return address, else by its Message-ID.

    A Message-ID is random and known to the recipient's servers alone, which may complain of it.
    """
    for pk in _signed_numbers(report):
        return OutboxMessage.objects.filter(pk=pk).first()
    for part in report.walk():
        if part.get_content_type() in {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"}:
            found = OutboxMessage.objects.filter(message_id__in=_message_ids(part)).first()
            if found is not None:
                return found
    return None


def _signed_numbers(report: EmailMessage) -> Iterator[int]:
    local, _at, host = settings.MAIL_RETURN_ADDRESS.rpartition("@")
    texts = [str(value) for name in RECIPIENT_HEADERS for value in report.get_all(name, [])]
    for _name, address in getaddresses(texts):
        tagged, _at, its_host = address.rpartition("@")
        found = _TAG.fullmatch(tagged.removeprefix(f"{local}+"))
        if local and found and its_host.lower() == host.lower():
            pk = int(found["pk"])
            if constant_time_compare(found["signature"], _signature(pk)):
                yield pk


def _message_ids(part: EmailMessage) -> list[str]:
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else payload
    text = inner.as_string(policy=policy) if isinstance(inner, EmailMessage) else str(inner)
    return re.findall(r"^Message-ID:\s*(<[^<>\s]+>)", text, re.IGNORECASE | re.MULTILINE)


def _field(report: EmailMessage, name: str) -> str:
    """Return a field of the machine-readable part, whichever of its groups holds it."""
    for part in report.walk():
        if part.get_content_type() in {"message/delivery-status", "message/feedback-report"}:
            payload = part.get_payload()
            text = "\n".join(map(str, payload)) if isinstance(payload, list) else str(payload)
            if found := re.search(rf"^{re.escape(name)}:\s*(.+)$", text, re.IGNORECASE | re.MULTILINE):
                return found[1].strip()
    return ""
