"""Take a sheet from one portal to another, from the command line."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from project_sheets.models import ProjectSheetPage
from project_sheets.transfer.reading import create_from, parse_document
from project_sheets.transfer.writing import write_sheet


class Command(BaseCommand):
    """``export UID FILE`` writes a sheet; ``import FILE`` reads one as a draft. Both print its fingerprint."""

    help = "Export a whole sheet to a JSON file, or import one as a draft."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare both directions."""
        ways = parser.add_subparsers(dest="way", required=True)
        leaving = ways.add_parser("export")
        leaving.add_argument("uid", help="Public identifier of the sheet.")
        leaving.add_argument("file", type=Path)
        ways.add_parser("import").add_argument("file", type=Path)

    def handle(self, *, way: str, file: Path, uid: str = "", **options: Any) -> None:
        """Write or read the file; fails with one sentence."""
        try:
            if way == "export":
                document = write_sheet(ProjectSheetPage.objects.get(uid=uid))
                file.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
            else:
                document = write_sheet(create_from(parse_document(file.read_bytes())))
        except ProjectSheetPage.DoesNotExist as error:
            raise CommandError(f"no sheet {uid}") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(document["fingerprint"])
