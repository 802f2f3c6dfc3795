"""Add the pages that every portal starts with."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from portal.content.seed import seed_site


class Command(BaseCommand):
    """Add the site, its home and its legal pages where they are missing; change nothing that exists."""

    help = "Add the home, the lists and the legal pages that are missing; change nothing that exists."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, telling each page that is made."""
        self.stdout.write(_("Pages of the site"))
        made: list[str] = []

        def say(line: str) -> None:
            made.append(line)
            self.stdout.write(line)

        seed_site(say=say)
        self.stdout.write(_("  %(count)d pages added") % {"count": len(made)})
