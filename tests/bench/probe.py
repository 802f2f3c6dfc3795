"""What is looked at from inside, apart from every measurement of time.

``inside probe count PLAN OUTPUT`` writes the number of SQL queries of every page as JSON;
``inside probe profile PLAN PAGE ROLE`` prints where the time of one page goes.
"""

import cProfile
import json
import pstats
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import RequestFactory, override_settings

from tests.bench.pages import VISITOR
from tests.bench.plan import Plan

#: Templates, glossary and sites are read once per process; a page is stored at its second visit.
WARM_UP = 3
PROFILED_REQUESTS = 20
PROFILED_FUNCTIONS = 30
ROOT = Path(__file__).resolve().parents[2]
#: As pstats matches it: the files of the portal, not those of its environment, which lies in ROOT too.
OWN_CODE = rf"^{re.escape(str(ROOT))}/[a-z_]+/(?!bench/)"


def ask(application: WSGIHandler, path: str, cookie: str) -> dict[str, str]:
    """Let the whole application answer one request, as a server does; return the headers."""
    headers = {"HTTP_COOKIE": cookie} if cookie else {}
    environ = RequestFactory(SERVER_NAME="127.0.0.1").get(path, **headers).environ
    answered: dict[str, Any] = {}

    def start_response(status: str, found: list[tuple[str, str]], exc_info: Any = None) -> None:
        answered.update(status=status, headers=dict(found))

    response = application(environ, start_response)
    b"".join(response)
    response.close()  # type: ignore[attr-defined]
    if not answered["status"].startswith("200"):
        raise RuntimeError(f"{path}: {answered['status']}")
    return answered["headers"]


@contextmanager
def recorded_queries() -> Iterator[list[str]]:
    """Yield the list in which the SQL of every query lands, parameters left out."""
    queries: list[str] = []

    def record(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        queries.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        yield queries


def count_queries(application: WSGIHandler, path: str, cookie: str) -> int:
    """Return how many queries a warm page makes."""
    for _ in range(WARM_UP):
        ask(application, path, cookie)
    with recorded_queries() as queries:
        ask(application, path, cookie)
    return len(queries)


def count_all(plan: Plan, output: Path) -> None:
    """Write {"page role": queries, "page visitor cached": queries} for every page of the plan."""
    application, counts = get_wsgi_application(), {}
    for page in plan.pages:
        with override_settings(PAGE_CACHE_ENABLED=False):
            for role in page.roles:
                counts[f"{page.name} {role}"] = count_queries(application, page.path, plan.cookies.get(role, ""))
        if VISITOR in page.roles:
            with override_settings(PAGE_CACHE_ENABLED=True):
                counts[f"{page.name} {VISITOR} cached"] = count_queries(application, page.path, "")
    output.write_text(json.dumps(counts), encoding="utf-8")


def profile(plan: Plan, name: str, role: str) -> None:
    """Print the queries of a page and the functions in which its time is spent, page cache off."""
    application = get_wsgi_application()
    page = plan.only([name]).pages[0]
    cookie = plan.cookies.get(role, "")
    with override_settings(PAGE_CACHE_ENABLED=False):
        for _ in range(WARM_UP):
            ask(application, page.path, cookie)
        with recorded_queries() as queries:
            ask(application, page.path, cookie)
        profiler = cProfile.Profile()
        profiler.enable()
        for _ in range(PROFILED_REQUESTS):
            ask(application, page.path, cookie)
        profiler.disable()
    write = sys.stdout.write
    write(f"\n{page.path} ({role}) : {len(queries)} requêtes SQL\n")
    for query, times in Counter(queries).items():
        write(f"{times:3} × {re.sub(r'SELECT .*? FROM', 'SELECT … FROM', query)[:160]}\n")
    write(f"\n{PROFILED_REQUESTS} requêtes HTTP sous cProfile, qui multiplie les temps par deux ou trois :\n")
    found = pstats.Stats(profiler, stream=sys.stdout)
    found.sort_stats("cumulative").print_stats(PROFILED_FUNCTIONS)
    write("Parmi elles, le code du portail :\n")
    found.print_stats(OWN_CODE, PROFILED_FUNCTIONS)
    found.sort_stats("tottime").print_stats(PROFILED_FUNCTIONS)


def main(arguments: list[str]) -> None:
    """Count or profile, as the command line says."""
    action, plan = arguments[0], Plan.read(Path(arguments[1]))
    if action == "count":
        count_all(plan, Path(arguments[2]))
    else:
        profile(plan, arguments[2], arguments[3])
