"""Make the data to measure: ``inside prepare SCALE SEED PLAN [--new]``.

Brings the database up to a portal of SCALE project sheets (from nothing with --new) and writes the
plan of the measurement to the file PLAN.
"""

import argparse
import io
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.db import connection, transaction

from portal.accounts.models import User
from portal.core import areas
from search.models import IndexTask
from tests.bench.pages import ADMINISTRATOR, MEMBER, all_pages, app_modules
from tests.bench.plan import Plan, PlannedPage

ROOT = Path(__file__).resolve().parents[2]
ROLE_FIELDS = {
    MEMBER: {"membership_status": User.MembershipStatus.APPROVED},
    ADMINISTRATOR: {"is_superuser": True},
}


def create_portal() -> None:
    """Make the tables and the content of the demonstration, on which the apps build more."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    # A process of its own: the demonstration is loaded under its own settings alone.
    variables = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings.demo"}
    subprocess.run(
        [sys.executable, "manage.py", "load_demo"], cwd=ROOT, env=variables, check=True, stdout=subprocess.DEVNULL
    )
    call_command("collectstatic", interactive=False, verbosity=0)


def grow(scale: int, seed: int) -> None:
    """Bring every app's data up to ``scale``, then renew what bulk writes leave behind."""
    for module in app_modules():
        if hasattr(module, "generate"):
            with transaction.atomic():
                module.generate(scale, seed)
                # Described once, below, and not one by one after the transaction as well.
                IndexTask.objects.all().delete()
    call_command("search_rebuild", stdout=io.StringIO())
    areas.invalidate(areas.all_areas())
    if connection.vendor == "postgresql":
        # What autovacuum does by itself on a portal that has lived.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def cookie_of(role: str) -> str:
    """Return the Cookie header of somebody of ``role`` who has signed in."""
    user, _created = User.objects.get_or_create(
        email=f"bench-{role}@demo.example", defaults={"first_name": role, **ROLE_FIELDS[role]}
    )
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def make_plan() -> Plan:
    """Find the address of every page, and sign in every role."""
    pages = all_pages(app_modules())
    planned = tuple(PlannedPage(page.name, page.address(), page.roles, page.target_ms) for page in pages)
    roles = {role for page in pages for role in page.roles if role in ROLE_FIELDS}
    return Plan(planned, {role: cookie_of(role) for role in sorted(roles)})


def main(arguments: list[str]) -> None:
    """Prepare what the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("scale", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("plan", type=Path)
    parser.add_argument("--new", action="store_true")
    options = parser.parse_args(arguments)
    if options.new:
        create_portal()
    grow(options.scale, options.seed)
    make_plan().write(options.plan)
