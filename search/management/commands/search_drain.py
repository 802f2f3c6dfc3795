"""Index what waits in the outbox."""

from typing import Any

from django.core.management.base import BaseCommand

from search.indexing import drain
from search.models import IndexTask


class Command(BaseCommand):
    """Drain the index outbox: after a crash, or once the cause of a failure is gone."""

    help = "Index the documents that wait, those that kept failing included."

    def handle(self, **options: Any) -> None:
        """Give every task its attempts back, then drain."""
        IndexTask.objects.filter(attempts__gt=0).update(attempts=0)
        done = drain()
        self.stdout.write(f"{done} documents indexed, {IndexTask.objects.count()} tasks left")
