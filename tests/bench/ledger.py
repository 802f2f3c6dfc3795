"""What telling people costs: ``python -m tests.bench.ledger``.

Makes members who follow themes, lets events happen, tells them and writes everybody's summary, in a
database of its own; then answers a discussion that two people follow, and one that all of them do.
Fails where somebody was told something twice, a row has no reason, the summaries took too long, or
the answer of many followers cost its request more.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from tests.bench.database import opened

ROOT = Path(__file__).resolve().parents[2]
#: Themes, and how many of them each member follows: an event tells members × followed ÷ themes people.
THEMES, FOLLOWED = 200, 1
KIND = "bench.news"
TARGET_SECONDS = 60
#: Answers to each of the two discussions; followers of the smaller one.
ANSWERS, FEW = 40, 2
#: An answer may cost this much more with many followers than with few: what two equal series differ by here.
NOISE = 1.15


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

    from portal.mail.last_look import AS_IT_IS
    from portal.mail.models import OutboxMessage
    from portal.notifications.digests import send_digests
    from portal.notifications.fan_out import fan_out_due
    from portal.notifications.last_look import look
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
    timed(
        "courriels regardés avant de partir", lambda: sum(look(one) == AS_IT_IS for one in OutboxMessage.objects.all())
    )
    say(f"{count} résumés, {again} au second passage, {OutboxMessage.objects.count()} courriels")
    if is_slow := seconds > TARGET_SECONDS:
        say(f"✗ les résumés ont pris plus de {TARGET_SECONDS} s")
    costs_more = answers_cost_more(member_count)
    return int(bool(twice or without or open_events or again or is_slow or costs_more))


def answers_cost_more(many: int) -> bool:
    """Send the form of an answer to a discussion of few followers and to one of ``many``, in turn.

    Prints processor time and queries of the requests; whether many followers cost more of either.
    """
    from django.test import Client

    from portal.accounts.models import User

    authors = [User.objects.create_user(f"bench-author-{number}@demo.example") for number in range(ANSWERS)]
    User.objects.filter(pk__in=[author.pk for author in authors]).update(membership_status="approved")
    authors = list(User.objects.filter(pk__in=[author.pk for author in authors]))
    # Read anew for each: an account remembers the spaces that there were when it was asked of them.
    discussions = [make_discussion(User.objects.get(pk=authors[0].pk), followers) for followers in (FEW, many)]
    spent: list[list[tuple[float, int]]] = [[], []]
    for author in authors:
        client = Client(SERVER_NAME="localhost")
        client.force_login(author, backend="portal.accounts.backends.MemberBackend")
        for place, discussion in enumerate(discussions):
            spent[place].append(answer(client, discussion))
    # What a process remembers is warm after the first ones.
    warm = [series[ANSWERS // 4 :] for series in spent]
    times = [median(seconds for seconds, _queries in series) * 1_000 for series in warm]
    queries = [max(count for _seconds, count in series) for series in warm]
    for followers, milliseconds, count in zip((FEW, many), times, queries, strict=True):
        say(f"réponse suivie par {followers} : {milliseconds:.1f} ms de processeur, {count} requêtes")
    costs_more = queries[1] > queries[0] or times[1] > times[0] * NOISE
    if costs_more:
        say("✗ une réponse que beaucoup suivent coûte davantage à son auteur")
    return costs_more


def make_discussion(author: Any, followers: int) -> Any:
    """Open a discussion in a space of its own, followed by ``followers`` members."""
    from django.contrib.contenttypes.models import ContentType

    from forum.community.models import Discussion
    from forum.community.services.spaces import open_space
    from forum.community.services.writing import Writing, ask_question
    from portal.accounts.models import User
    from portal.notifications.models import Subscription

    space = open_space(name=f"Suivi par {followers}", slug=f"suivi-{followers}")
    made = ask_question(author=author, space=space, subject="Comment faites-vous ?", writing=Writing("Une question."))
    kind = ContentType.objects.get_for_model(Discussion)
    members = User.objects.exclude(pk=author.pk)
    Subscription.objects.bulk_create(
        Subscription(user=user, content_type=kind, object_id=str(made.pk))
        for user in islice(members.order_by("pk").iterator(), followers)
    )
    return made


def answer(client: Any, discussion: Any) -> tuple[float, int]:
    """Send the form of an answer; returns its processor time in seconds and its number of queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        started = time.process_time()
        response = client.post(f"{discussion.get_absolute_url()}repondre/", {"content": "Voici comment."})
        seconds = time.process_time() - started
    if response.status_code != 302:
        raise RuntimeError(f"the answer was not taken: {response.status_code}")
    return seconds, len(captured)


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
            visible=lambda user: Theme.objects.all(),
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
