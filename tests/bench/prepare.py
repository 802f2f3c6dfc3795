"""Make the data to measure, in a process with Django: ``prepare.py SCALE SEED PLAN [--new]``.

Brings the database up to a portal of SCALE project sheets (from nothing with --new) and writes to
the file PLAN what the measurement needs to know: the pages with their addresses, and a session
cookie for each role.
"""

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import django

ROLE_FIELDS = {"member": {}, "administrator": {"is_superuser": True}}


@dataclass(frozen=True)
class PlannedPage:
    """A page whose address is known."""

    name: str
    path: str
    roles: tuple[str, ...]
    target_ms: float | None


@dataclass(frozen=True)
class Plan:
    """What to measure."""

    pages: list[PlannedPage]
    cookies: dict[str, str]

    def write(self, path: Path) -> None:
        """Write the plan as JSON."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Plan":
        """Read a plan that ``write`` wrote."""
        found = json.loads(path.read_text(encoding="utf-8"))
        pages = [PlannedPage(**{**page, "roles": tuple(page["roles"])}) for page in found["pages"]]
        return cls(pages, found["cookies"])


def create_portal() -> None:
    """Make the tables, the reference data and the content that a new portal starts with."""
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    call_command("load_reference", stdout=Silence())
    call_command("load_demo", stdout=Silence())
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
