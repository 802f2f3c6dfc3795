"""Check that the French catalogue says everything the sources say, and nothing else."""

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.core.catalogue import messages_of_sources, problems_of, rewritten

CATALOGUE = Path("locale/fr/LC_MESSAGES/django.po")
#: More than a screen of them has one cause, which the first ones tell.
SHOWN = 40
METADATA = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "fr",
    # Zero is singular in French: « 0 fiche ».
    "Plural-Forms": "nplurals=2; plural=(n > 1);",
}


class Command(BaseCommand):
    """Fail on a missing, empty, fuzzy, obsolete, repeated or ill-formed entry."""

    help = "Check the French catalogue against the messages of Python code and templates."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare --write and --from."""
        parser.add_argument("--write", action="store_true", help="Add what is missing and remove what is obsolete.")
        parser.add_argument(
            "--from",
            dest="others",
            nargs="+",
            type=Path,
            default=[],
            metavar="FILE",
            help="With --write: PO files that give translations which the catalogue lacks.",
        )

    def handle(self, *, write: bool, others: list[Path], **options: Any) -> None:
        """Print each problem and fail, or nothing but the number of messages."""
        path = settings.BASE_DIR / CATALOGUE
        catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile()
        catalogue.metadata = METADATA
        wanted = messages_of_sources(settings.BASE_DIR)
        if write:
            catalogue = rewritten(catalogue, wanted, [polib.pofile(str(other)) for other in others])
            path.parent.mkdir(parents=True, exist_ok=True)
            catalogue.save(str(path))
        problems = problems_of(catalogue, wanted)
        for problem in problems[:SHOWN]:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} problems in {CATALOGUE}; check_catalogue --write adds what is missing")
        self.stdout.write(f"{CATALOGUE}: {len(wanted)} messages, all translated")
