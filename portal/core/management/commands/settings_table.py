"""Print the environment variables as the Markdown table of README.md."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.settings.variables import BASE_DIR, VARIABLES, Variable

BEGIN = "<!-- settings_table: written by manage.py settings_table --write -->"
END = "<!-- /settings_table -->"


def _default_of(variable: Variable) -> str:
    if variable.required:
        return f"required in {', '.join(variable.required)}"
    if variable.default is None:
        return ""
    # A folder is given from the root of the project, wherever that lies.
    return f"`{variable.default.removeprefix(f'{BASE_DIR}/')}`"


def settings_table() -> str:
    """Return the table: one row per variable, in the order of their declaration."""
    rows = [
        f"| `{variable.name}` | {variable.help} | {_default_of(variable)} |".replace("|  |", "| |")
        for variable in VARIABLES
    ]
    return "\n".join(["| variable | what it is | default |", "|---|---|---|", *rows])


def with_table(readme: str) -> str:
    """Return the README with a fresh table between its two markers.

    Raises ValueError where a marker is missing.
    """
    before, marker, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not marker or not end:
        raise ValueError(f"README.md must hold {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{settings_table()}\n{END}{after}"


class Command(BaseCommand):
    """Print the table, or write it into README.md."""

    help = "Print the table of environment variables; --write puts it into README.md."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare --write."""
        parser.add_argument("--write", action="store_true", help="Replace the table of README.md.")

    def handle(self, *, write: bool, **options: Any) -> None:
        """Print or write."""
        if not write:
            self.stdout.write(settings_table())
            return
        readme = Path(settings.BASE_DIR) / "README.md"
        try:
            readme.write_text(with_table(readme.read_text(encoding="utf-8")), encoding="utf-8")
        except ValueError as error:
            raise CommandError(str(error)) from error
