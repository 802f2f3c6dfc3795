"""What telling people costs: ``python -m tests.bench.ledger``.

Makes members who follow themes, lets events happen, tells them and writes everybody's summary, in a
database of its own. Fails where somebody was told something twice, or a row has no reason.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.bench.database import opened

ROOT = Path(__file__).resolve().parents[2]
#: Themes, and how many of them each member follows: an event tells members × followed ÷ themes people.
THEMES, FOLLOWED = 200, 1
KIND = "bench.news"
TARGET_SECONDS = 60


def main(arguments: list[str]) -> int:
    """Run in a process that has a database of its own; returns its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=2_000)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.inside:
        return measure(options.members, options.events)
    with tempfile.TemporaryDirectory() as folder, opened(options.database, Path(folder), keep=False) as database:
        variables = os.environ | database.environment
        variables |= {"DATA": folder, "DJANGO_SETTINGS_MODULE": "tests.bench.settings"}
        command = [sys.executable, "-m", "tests.bench.ledger", "--inside"]
        command += ["--members", str(options.members), "--events", str(options.events)]
        return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode


def measure(member_count: int, event_count: int) -> int:
    """Make, tell, summarise; prints one line a step. Returns 1 where something was told twice or without reason."""
    import django

    django.setup()
    from datetime import timedelta

    from django.core.management import call_command
    from django.db.models import Count
    from django.utils import timezone

    from portal.mail.models import OutboxMessage
    from portal.notifications.digests import send_digests
    from portal.notifications.fan_out import fan_out_due
    from portal.notifications.models import Event, Notification

    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    declare_kind()
    make_members(member_count)
    timed(f"{event_count} évènements notés", lambda: make_events(event_count))
    told = timed("racontés", fan_out_due)
    twice = Notification.objects.values("event", "user").annotate(n=Count("pk")).filter(n__gt=1).count()
    without = Notification.objects.filter(reason="").count()
    open_events = Event.objects.exclude(state="done").count()
    say(f"{told} décisions, {twice} en double, {without} sans raison, {open_events} évènements ouverts")
    Notification.objects.update(created_at=timezone.now() - timedelta(days=8))
    seconds = time.perf_counter()
    count = timed("résumés écrits", send_digests)
    seconds = time.perf_counter() - seconds
    again = send_digests()
    say(f"{count} résumés, {again} au second passage, {OutboxMessage.objects.count()} courriels")
    if seconds > TARGET_SECONDS:
        say(f"✗ les résumés ont pris plus de {TARGET_SECONDS} s")
    return int(bool(twice or without or open_events or again))


def say(line: str) -> None:
    """Tell one line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def timed(what: str, call: Callable[[], int]) -> int:
    """Call, and print how long it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = call()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    say(f"{what} : {result} en {wall:.1f} s ({cpu:.1f} s de processeur)")
    return result


def declare_kind() -> None:
    """Declare a kind as apps do: followers of a theme, rights asked with a query."""
    from portal.notifications.kinds import NotificationKind, Telling, declare
    from portal.notifications.selectors import followers_as_recipients
    from portal.taxonomy.models import Theme

    def telling(event, user):  # type: ignore[no-untyped-def]
        theme = Theme.objects.filter(pk=event.object_id).first()
        return Telling(f"Nouvelle {event.key}", theme.get_absolute_url(), f"theme:{theme.pk}", theme.name)

    declare(
        NotificationKind(
            key=KIND,
            label="Essai",
            reason="Vous suivez ceci.",
            audience=lambda event: followers_as_recipients(event.about, reason=f"Vous suivez {event.about}."),
            telling=telling,
        )
    )


def make_members(count: int) -> None:
    """Make members who follow themes."""
    from django.contrib.contenttypes.models import ContentType

    from portal.accounts.models import User
    from portal.notifications.models import Subscription
    from portal.taxonomy.models import Theme

    Theme.objects.bulk_create(
        Theme(name=f"Thème {number}", slug=f"bench-{number}", kind=Theme.Kind.NEED) for number in range(THEMES)
    )
    User.objects.bulk_create(
        User(email=f"bench-{number}@demo.example", first_name="Membre", membership_status="approved")
        for number in range(count)
    )
    themes, kind = list(Theme.objects.all()), ContentType.objects.get_for_model(Theme)
    draw = Random("ledger")  # noqa: S311 -- data, not secrets
    Subscription.objects.bulk_create(
        Subscription(user=user, content_type=kind, object_id=str(theme.pk))
        for user in User.objects.all()
        for theme in draw.sample(themes, FOLLOWED)
    )


def make_events(count: int) -> int:
    """Let events happen, each in a transaction of its own as requests do."""
    from portal.notifications.services import record_event
    from portal.taxonomy.models import Theme

    themes = list(Theme.objects.all())
    for number in range(count):
        record_event(KIND, about=themes[number % len(themes)], key=str(number))
    return count


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
