"""Read reports of undelivered e-mails: one from a mail server's pipe, or those of a Maildir."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.mail.marks import read_maildir, read_stream, take_in


class Command(BaseCommand):
    """Mark the addresses of which the reports say that they do not receive."""

    help = "Read one report on standard input, or the new ones of a Maildir, and mark the addresses that fail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --maildir."""
        parser.add_argument("--maildir", type=Path, help="Folder of the mailbox; without it, standard input.")

    def handle(self, *args: Any, maildir: Path | None, **options: Any) -> None:
        """Print how many were about e-mails of the portal; raises CommandError where the folder is no Maildir."""
        if maildir is None:
            count = take_in([read_stream(sys.stdin.buffer)])
        elif not (maildir / "new").is_dir():
            raise CommandError(f"{maildir} is no Maildir: it has no folder “new”")
        else:
            count = read_maildir(maildir)
        self.stdout.write(f"{count}")
