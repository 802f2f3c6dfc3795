"""What an e-mail answers: its text without what it quotes, whether a machine wrote it."""

import re
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr

from portal.core.markdown import MAX_LENGTH
from search.api import text_of_html

#: Where what follows is the message that is answered to, as the usual programs write it.
_QUOTED = (
    re.compile(r"^\s*>"),
    re.compile(r"^\s*(le|on)\s.{6,120}(a écrit|wrote)\s*:\s*$", re.IGNORECASE),
    re.compile(r"^-{2,}\s*(message d.origine|original message|message transféré|forwarded message)", re.IGNORECASE),
    re.compile(r"^_{10,}\s*$"),
    re.compile(r"^\s*\*?(de|from)\s*:\*?\s.+@", re.IGNORECASE),
    re.compile(r"^-- ?$"),
    re.compile(r"^(envoyé depuis|envoyé de|sent from) (mon|my|l)", re.IGNORECASE),
)
_OPENS_QUOTE = re.compile(r"^\s*(le|on)\s.{2,120}$", re.IGNORECASE)
_ENDS_QUOTE = re.compile(r"(a écrit|wrote)\s*:\s*$", re.IGNORECASE)


def recipients_of(mail: EmailMessage) -> list[str]:
    """Return the addresses to which ``mail`` came, those that the mail server noted first."""
    headers = [header for name in ("Delivered-To", "X-Original-To", "To", "Cc") for header in mail.get_all(name, [])]
    return [address for _name, address in getaddresses([str(header) for header in headers]) if address]


def sender_of(mail: EmailMessage) -> str:
    """Return the address of who wrote ``mail``."""
    return parseaddr(str(mail.get("From", "")))[1].lower()


def is_automatic(mail: EmailMessage) -> bool:
    """Whether a machine wrote ``mail``: absence, delivery report, list (RFC 3834)."""
    submitted = str(mail.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    if submitted != "no" or any(mail.get(name) for name in ("List-Id", "X-Autoreply", "X-Autorespond")):
        return True
    if str(mail.get("Precedence", "")).strip().lower() in {"bulk", "list", "junk", "auto_reply"}:
        return True
    # The empty return path of delivery reports.
    return str(mail.get("Return-Path", "")).strip() == "<>" or sender_of(mail).startswith(
        ("mailer-daemon@", "postmaster@")
    )


def text_of(mail: EmailMessage) -> str:
    """Return what the person wrote in ``mail``, plain, without what they quote nor their signature."""
    part = mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        content = part.get_content()
    except LookupError:
        # A charset that Python does not know: every byte is some letter of Latin-1.
        content = (part.get_payload(decode=True) or b"").decode("latin-1")
    if not isinstance(content, str):
        return ""
    text = text_of_html(content) if part.get_content_type() == "text/html" else content
    return _own_words(text.replace("\0", "").replace("\r\n", "\n"))[:MAX_LENGTH]


def _own_words(text: str) -> str:
    """Return what stands above the quotation, else, where one answers below it, what is not quoted."""
    lines = text.split("\n")
    above = [line.rstrip() for line in lines[: _first_quoted(lines)]]
    own = "\n".join(above).strip()
    if own:
        return own
    return "\n".join(line.rstrip() for line in lines if not _is_quoted(line) and not _ENDS_QUOTE.search(line)).strip()


def _first_quoted(lines: list[str]) -> int:
    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else ""
        # Long introductions of a quotation are cut in two lines.
        is_cut = _OPENS_QUOTE.match(line) and _ENDS_QUOTE.search(following)
        if is_cut or _is_quoted(line):
            return place
    return len(lines)


def _is_quoted(line: str) -> bool:
    return any(mark.search(line) for mark in _QUOTED)
