"""Load the reference data of all apps."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core import areas
from portal.taxonomy.reference import LoadContext, loaders_in_order


class Command(BaseCommand):
    """Load territories, themes, audiences, glossary… all of it or nothing; may run again at any time."""

    help = "Load territories, themes, audiences, sectors, glossary and kinds of organisation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let the official lists lie elsewhere than in node_modules."""
        parser.add_argument(
            "--source", type=Path, help="Folder with the JSON files of @etalab/decoupage-administratif."
        )

    def handle(self, *args: Any, source: Path | None, **options: Any) -> None:
        """Run every declared loader in one transaction, then renew the visitors' pages."""
        context = LoadContext(say=self.stdout.write, source=source)
        started = time.monotonic()
        with transaction.atomic():
            for loader in loaders_in_order():
                self.stdout.write(f"{loader.title}…")
                try:
                    loader.load(context)
                except FileNotFoundError as error:
                    raise CommandError(_("No territories in %(folder)s.") % {"folder": error}) from error
            # Bulk writes send no signals.
            areas.invalidate(areas.all_areas())
        self.stdout.write(_("Reference data loaded in %(seconds).1f s.") % {"seconds": time.monotonic() - started})
