"""Render again the messages that an older version of the renderer made."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from forum.community.services.rendering import rerender_outdated


class Command(BaseCommand):
    """Bring the stored HTML of messages up to the present renderer."""

    help = "Render again the messages of the forum whose stored HTML an older renderer made; --all renders every one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let every message be rendered."""
        parser.add_argument("--all", action="store_true", help="Every message, whatever its version.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Render, and say how many."""
        done = rerender_outdated(everything=options["all"])
        self.stdout.write(f"{done} messages")
