"""The agenda with 10,000 series, measured in process: ``python -m tests.bench.agenda_scale [COUNT]``.

Makes a database of its own (SQLite, or the PostgreSQL that TEST_DATABASE_URL names), fills it with
the series that ``make bench`` generates, then prints CPU milliseconds and queries a request; for a
registration, those of all its requests together. Nothing here is a test: the figures are for people.
"""

import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import count as numbers
from pathlib import Path

import django

DEFAULT_COUNT, SEED = 10_000, 1
ORGANISATIONS = 500
REQUESTS, REGISTRATIONS = 30, 20


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    os.environ["DATA"] = tempfile.mkdtemp(prefix="bench-agenda-")
    django.setup()
    from django.conf import settings
    from django.test.utils import get_runner, setup_test_environment

    setup_test_environment()
    # Registrations leave their mails in the outbox, as in the portal; a worker's work is not theirs.
    settings.EMAIL_BACKEND = "portal.mail.backends.OutboxBackend"
    get_runner(settings)(verbosity=0, interactive=False, parallel=0).setup_databases()


def _cpu_ms(call: Callable[[], object], times: int = REQUESTS) -> tuple[float, int]:
    """Return the CPU milliseconds of one call, the best of three rounds, and its queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    call()
    best = float("inf")
    for _round in range(3):
        start = time.process_time()
        for _time in range(times):
            call()
        best = min(best, (time.process_time() - start) / times * 1_000)
    with CaptureQueriesContext(connection) as queries:
        call()
    return best, len(queries)


def _say(what: str, call: Callable[[], object], target: float | None = None, times: int = REQUESTS) -> None:
    milliseconds, queries = _cpu_ms(call, times)
    told = "" if target is None else f"  (au plus {target:.0f}{' – DÉPASSÉ' if milliseconds > target else ''})"
    sys.stdout.write(f"{what:<56} {milliseconds:7.1f} ms CPU  {queries:3} requêtes SQL{told}\n")
    sys.stdout.flush()


def _fill(count: int) -> None:
    from agenda.models import Event, Occurrence
    from directory.models import Organisation, OrganisationKind
    from tests.bench.apps.agenda import add_series

    kind = OrganisationKind.objects.earliest("pk")
    Organisation.objects.bulk_create(
        Organisation(name=f"Structure {number}", slug=f"structure-{number}", kind=kind)
        for number in range(ORGANISATIONS)
    )
    start = time.process_time()
    add_series(count, SEED)
    spent = time.process_time() - start
    sys.stdout.write(
        f"{Event.objects.count()} séries, {Occurrence.objects.count()} dates, faits en {spent:.0f} s CPU\n"
    )


def _pages() -> None:
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from portal.accounts.models import User
    from tests.bench.apps.agenda import first_event

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    today = timezone.localdate()
    event = first_event().get_absolute_url()
    month = f"/agenda/{today.year}/{today.month:02d}/"
    visitor, member = Client(), Client()
    user = User.objects.create_user("membre@essai.example", membership_status=User.MembershipStatus.APPROVED)
    member.force_login(user, backend="portal.accounts.backends.MemberBackend")
    for who, client in (("visiteur", visitor), ("membre", member)):
        for path, target in ((month, 12), (event, 10), ("/agenda/", 12)):
            _say(f"{who} {path}", lambda client=client, path=path: client.get(path).content, target)
    week = "/agenda/{}/semaine/{}/".format(*today.isocalendar())
    for path in (week, f"{month}?theme=logement", "/agenda/?territoire=reg-53&theme=logement", "/agenda/carte/"):
        _say(path, lambda path=path: visitor.get(path).content)
    for path in ("/agenda/flux/", "/agenda/calendrier.ics"):
        _say(path, lambda path=path: visitor.get(path).content, times=5)
    _say(f"sans rien en mémoire : {month}", lambda: (cache.clear(), visitor.get(month).content), times=3)


def _registrations() -> None:
    """Register people as they do: page, form, place, their registration; every request counts."""
    from django.test import Client

    from agenda.models import Session
    from portal.accounts.models import User
    from portal.mail.models import OutboxMessage
    from tests.bench.apps.agenda import first_event

    event = first_event()
    session = Session.objects.filter(occurrence__event=event).earliest("starts_at")
    page, form = event.get_absolute_url(), session.get_registration_url()
    serial = numbers()
    members = []
    for number in range(REGISTRATIONS * 4):
        user = User.objects.create_user(
            f"inscrite{number}@essai.example", membership_status=User.MembershipStatus.APPROVED
        )
        client = Client()
        client.force_login(user, backend="portal.accounts.backends.MemberBackend")
        members.append(client)

    def uid_in(content: bytes) -> str:
        found = re.search(rb'name="uid"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="uid"', content)
        assert found is not None
        return (found[1] or found[2]).decode()

    def member_registers() -> None:
        client = members[next(serial)]
        client.get(page)
        sent = {"uid": uid_in(client.get(form).content), "attending": "site"}
        told = client.post(form, sent, follow=True)
        assert "Votre place est réservée" in told.content.decode()

    def guest_registers() -> None:
        email = f"invitee{next(serial)}@essai.example"
        # Another machine for each, as guests are: the limit of attempts is not what is measured.
        client = Client(REMOTE_ADDR=f"10.0.{next(serial) // 250}.{next(serial) % 250}")
        client.get(page)
        sent = {"uid": uid_in(client.get(form).content), "attending": "site", "full_name": "Élue", "email": email}
        client.post(form, {**sent, "organisation_name": "Ville"}, follow=True)
        mail = OutboxMessage.objects.filter(to=email).latest("pk")
        link = re.search(r"http://testserver(/agenda/inscriptions/\S+)", mail.text)
        assert link is not None
        client.get(link[1])
        told = client.post(link[1], {"do": "confirm"}, follow=True)
        assert "Votre place est réservée" in told.content.decode()

    _say("inscription d’une membre (page, formulaire, envoi, suivi)", member_registers, 120, REGISTRATIONS)
    _say("inscription d’une invitée (6 requêtes, double validation)", guest_registers, 120, REGISTRATIONS)


def main() -> None:
    """Measure everything."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_COUNT
    _set_up()
    from django.core.management import call_command
    from django.db import connection

    call_command("load_reference", verbosity=0)
    sys.stdout.write(f"{connection.vendor}\n")
    _fill(count)
    _pages()
    _registrations()
    sys.stdout.write(f"données : {Path(os.environ['DATA'])}\n")


if __name__ == "__main__":
    main()
