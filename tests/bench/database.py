"""The databases that can be measured: SQLite, inside the server's own processes, or PostgreSQL beside it."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from scripts.with_postgres import throwaway_server
from tests.bench.processes import parent_of, program_of


@dataclass(frozen=True)
class Database:
    """A database for the portal: what its processes are told of it, and whose CPU time is also counted."""

    environment: dict[str, str]
    server_pids: tuple[int, ...] = ()


def postmaster_of(connection: psycopg.Connection) -> int:
    """Return the process above all of PostgreSQL's; raises RuntimeError if it runs on another machine."""
    row = connection.execute("SELECT pg_backend_pid()").fetchone()
    try:
        if row and program_of(row[0]).startswith("postgres"):
            return parent_of(row[0])
    except FileNotFoundError:
        pass
    raise RuntimeError("TEST_DATABASE_URL must name a PostgreSQL of this machine: its CPU time is read from /proc")


@contextmanager
def _postgres() -> Iterator[Database]:
    given = os.environ.get("TEST_DATABASE_URL")
    with nullcontext(given) if given else throwaway_server() as url:
        assert url is not None
        name = f"portal_bench_{secrets.token_hex(4)}"
        with psycopg.connect(url, autocommit=True) as connection:
            postmaster = postmaster_of(connection)
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield Database({"DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl()}, (postmaster,))
        finally:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _sqlite(data: Path, *, keep: bool) -> Iterator[Database]:
    if not keep:
        for path in data.glob("portal.sqlite3*"):
            path.unlink()
    # Empty stands for absent: a DATABASE_URL of the person's own shell is never touched.
    yield Database({"DATABASE_URL": ""})


def opened(kind: str, data: Path, *, keep: bool) -> "contextmanager[Database]":
    """Return the context in which a database of ``kind`` exists, empty unless kept."""
    return _sqlite(data, keep=keep) if kind == "sqlite" else _postgres()
