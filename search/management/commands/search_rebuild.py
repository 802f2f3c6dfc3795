"""Describe everything that can be found anew."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from search.indexing import rebuild


class Command(BaseCommand):
    """Rebuild the search index without interrupting search."""

    help = "Rebuild the search index from the database; search goes on answering meanwhile."

    def handle(self, **options: Any) -> None:
        """Rebuild, saying how far it has come."""
        started = time.monotonic()
        written = rebuild(self._report)
        self.stdout.write(f"{written} documents in {time.monotonic() - started:.1f} s")

    def _report(self, kind: str, done: int, total: int) -> None:
        # The kind "" is the index itself, which is made of all of them.
        name = kind or "index"
        if done == total:
            self.stdout.write(f"  {name}: {done}")
        elif self.stdout.isatty():
            self.stdout.write(f"  {name}: {done}/{total}", ending="\r")
            self.stdout.flush()
