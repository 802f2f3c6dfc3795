"""The forum with 50,000 then 200,000 messages, measured in process: ``python -m tests.bench.forum_scale [TOPICS…]``.

Makes a database of its own (SQLite, or the PostgreSQL that TEST_DATABASE_URL names), fills it with 50
spaces and so many discussions of ten messages, then prints CPU milliseconds (this process, and the one
of PostgreSQL that serves it) and queries a request, for a visitor and a member, and how they grow.
Requests go through the WSGI application as the server calls it. The data are made in a process of their
own, since one that has made 200,000 messages is no server's. Nothing here is a test: the figures are for
people, and a fixed piece of work measured at each size tells how much slower or faster the machine has become.
"""

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import django

#: Ten messages a discussion.
DEFAULT_TOPICS, SEED = (5_000, 20_000), 1
REQUESTS, ROUNDS, ANSWERS = 30, 3, 15
#: What the forum must cost a visitor at the last size, and an answer its author: milliseconds, queries.
TARGETS = {"index": (12, 12), "liste": (10, 12), "discussion": (11, 15), "réponse": (30, 20)}


@dataclass(frozen=True)
class Cost:
    """What one request costs: CPU milliseconds, those of the database among them, and queries.

    ``yardstick`` is what a fixed piece of work cost in the same moment.
    """

    milliseconds: float
    of_database: float
    queries: int
    yardstick: float

    def growth_from(self, before: "Cost") -> float:
        """Return how many times as much it costs as ``before``, had the machine stayed the same."""
        return self.milliseconds / before.milliseconds * before.yardstick / self.yardstick


def _in_a_child(work: Callable[[], None]) -> None:
    """Do ``work`` in a copy of this process that ends with it; RuntimeError where it fails."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            connections.close_all()
            code = 0
        finally:
            sys.stdout.flush()
            os._exit(code)
    if os.waitpid(child, 0)[1]:
        raise RuntimeError("the data could not be made, for the reason above")


def _yardstick() -> float:
    """Return what a fixed piece of work costs in CPU milliseconds: the same on any data."""
    from markdown_it import MarkdownIt

    from tests.bench.texts import paragraphs

    text, parser = paragraphs(Random(SEED), 10, 4), MarkdownIt()  # noqa: S311 -- data, not secrets
    start = time.process_time()
    for _time in range(40):
        parser.render(text)
    return (time.process_time() - start) * 1_000 / 40


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    os.environ["DATA"] = tempfile.mkdtemp(prefix="bench-forum-")
    django.setup()
    from django.conf import settings
    from django.db import connections
    from django.test.utils import get_runner, override_settings

    from portal.settings import base

    get_runner(settings)(verbosity=0, interactive=False, parallel=0).setup_databases()
    # As in production: work for later is written down, and a thread keeps its connection.
    override_settings(TASKS=base.TASKS).enable()
    connections["default"].settings_dict["CONN_MAX_AGE"] = None


class Caller:
    """Sends requests straight to the WSGI application, signed in where it is given a member."""

    def __init__(self, user: Any = None) -> None:
        from django.core.wsgi import get_wsgi_application

        self.application = get_wsgi_application()
        self.cookie = _session_of(user) if user else ""

    def __call__(self, path: str, fields: dict[str, str] | None = None) -> str:
        """Return the body, or the address that the answer leads to; RuntimeError for any other status."""
        name, _mark, query = path.partition("?")
        body = urlencode(fields or {}).encode()
        environ = {
            "REQUEST_METHOD": "POST" if fields else "GET",
            "PATH_INFO": name,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_COOKIE": f"{self.cookie}; csrftoken={'a' * 32}" if self.cookie else "",
            "HTTP_X_CSRFTOKEN": "a" * 32,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
        }
        answered: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], *_rest: object) -> None:
            answered["status"], answered["headers"] = int(status[:3]), dict(headers)

        response = self.application(environ, start_response)
        text = b"".join(response).decode()
        response.close()
        if answered["status"] not in ({302} if fields else {200}):
            raise RuntimeError(f"{path}: {answered['status']}\n{text[:2_000]}")
        return str(answered["headers"].get("Location", text))


def _session_of(user: Any) -> str:
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _database_seconds() -> float:
    """Return the CPU time that PostgreSQL has used for this connection; 0 where it is not on this machine."""
    from django.db import connection

    from tests.bench.processes import tree_cpu_seconds

    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return tree_cpu_seconds([cursor.fetchone()[0]])


def _cost(call: Callable[[], object], *, times: int = REQUESTS, rounds: int = ROUNDS, warm: bool = True) -> Cost:
    """Measure ``call``: the cheapest round counts, since what else runs on the machine only ever adds."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _time in range(3 if warm else 0):
        call()
    best = (float("inf"), 0.0, 1.0)
    for _round in range(rounds):
        yardstick = _yardstick()
        database, start = _database_seconds(), time.process_time()
        for _time in range(times):
            call()
        own, theirs = time.process_time() - start, _database_seconds() - database
        best = min(best, (own + theirs, theirs, (yardstick + _yardstick()) / 2))
    with CaptureQueriesContext(connection) as captured:
        call()
    written = [query for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
    return Cost(best[0] / times * 1_000, best[1] / times * 1_000, len(written), best[2])


def _answers(members: list[Any]) -> Cost:
    """Measure the sending of an answer, each member staying below what one may write in ten minutes."""
    from forum.community.models import Discussion

    found = Discussion.objects.select_related("topic__forum__space").order_by("pk")[1:200]
    addresses = [f"{one.get_absolute_url()}repondre/" for one in found]
    callers = [Caller(member) for member in members]
    sent = iter(range(10_000))

    def answer() -> None:
        number = next(sent)
        callers[number // ANSWERS % len(callers)](
            addresses[number % len(addresses)],
            {"content": f"Voici comment nous faisons, **essai** {number}.", "envoi": uuid4().hex, "action": "publier"},
        )

    return _cost(answer, times=ANSWERS, rounds=3)


def _fill(topics: int) -> None:
    from django.core.cache import cache
    from django.db import connection

    from portal.core import areas
    from tests.bench.apps import forum

    forum.fill(topics, SEED)
    areas.invalidate(areas.all_areas())
    cache.clear()
    with connection.cursor() as cursor:
        # What happens by itself on a portal that has lived.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _measure() -> dict[str, Cost]:
    from portal.accounts.models import User
    from portal.core import areas
    from tests.bench.apps import forum

    members = list(User.objects.filter(email__startswith="bench-forum-").order_by("pk")[:12])
    visitor, member = Caller(), Caller(members[0])
    pages = {"index": "/forum/", "liste": forum.busiest_space(), "discussion": forum.long_discussion()}
    pages |= {"liste, page 20": f"{pages['liste']}?page=20", "sans réponse": "/forum/sans-reponse/"}
    found = {name: _cost(lambda path=path: visitor(path)) for name, path in pages.items()}
    found |= {f"{name}, membre": _cost(lambda path=path: member(path)) for name, path in pages.items()}
    found["non lues, membre"] = _cost(lambda: member("/forum/non-lues/"))
    found["réponse"] = _answers(members[1:])

    def first_after_a_write(path: str) -> None:
        areas.invalidate(["forum"])
        visitor(path)

    # Each message makes every process read anew what it remembers: this is what its first reader pays.
    for name, path in pages.items():
        found[f"{name}, après un message"] = _cost(lambda path=path: first_after_a_write(path), times=10)
    return found


def _report(sizes: dict[int, dict[str, Cost]]) -> None:
    first, last = sizes[min(sizes)], sizes[max(sizes)]
    for name, cost in last.items():
        limit = TARGETS.get(name)
        kept = "" if limit is None else " ✓" if cost.milliseconds <= limit[0] and cost.queries <= limit[1] else " ✗"
        told = "" if limit is None else f"cible {limit[0]} ms, {limit[1]} requêtes{kept}"
        before = first[name]
        sys.stdout.write(
            f"{name:<32} {before.milliseconds:7.1f} → {cost.milliseconds:7.1f} ms CPU (base {cost.of_database:4.1f},"
            f" étalon {before.yardstick:.2f} → {cost.yardstick:.2f})  ×{cost.growth_from(before):4.2f}"
            f"  {cost.queries:3} requêtes SQL  {told}\n"
        )


def main() -> None:
    """Measure at each size."""
    topics = [int(argument) for argument in sys.argv[1:]] or list(DEFAULT_TOPICS)
    _set_up()
    from django.core.management import call_command
    from django.db import connection

    from forum.machina_apps.forum_conversation.models import Post

    call_command("load_reference", verbosity=0)
    sizes: dict[int, dict[str, Cost]] = {}
    for count in topics:
        _in_a_child(partial(_fill, count))
        sizes[count] = _measure()
        sys.stdout.write(f"{connection.vendor}, {count} discussions, {Post.objects.count()} messages\n")
        sys.stdout.flush()
    _report(sizes)


if __name__ == "__main__":
    main()
