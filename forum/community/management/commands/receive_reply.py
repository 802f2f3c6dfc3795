"""Take an answer that came by e-mail, from the standard input, as a mail server delivers it."""

import sys
from argparse import ArgumentParser
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from django.core.management.base import BaseCommand

from forum.community.services.receiving import Outcome, receive_reply

#: Beyond this a mail is no answer to a discussion; files are sent on the site.
MAX_BYTES = 10_000_000
#: From sysexits.h: what the mail server tells the sender. Whatever is not the sender's fault is accepted.
EX_OK, EX_DATAERR, EX_NOUSER = 0, 65, 67
CODES = {Outcome.UNKNOWN_ADDRESS: EX_NOUSER, Outcome.WRONG_SENDER: EX_NOUSER}


class Command(BaseCommand):
    """In Postfix: ``reponse unix - n n - - pipe user=portal argv=… manage.py receive_reply ${original_recipient}``."""

    help = "Take an answer to a discussion from the standard input (a whole e-mail); exits with 0, 65 or 67."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let the mail server name the address to which it delivers."""
        parser.add_argument("recipient", nargs="?", default="", help="Address of delivery; else that of the headers.")

    def handle(self, *args: Any, recipient: str, **options: Any) -> None:
        """Publish the answer, or exit with the code that refuses it."""
        raw = sys.stdin.buffer.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            sys.exit(EX_DATAERR)
        mail = cast("EmailMessage", message_from_bytes(raw, policy=default))
        outcome = receive_reply(mail=mail, recipient=recipient)
        self.stdout.write(str(outcome))
        if code := CODES.get(outcome, EX_OK):
            sys.exit(code)
