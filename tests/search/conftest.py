"""Things to find: a source of its own, so that search is tested without any other app's."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from osmem_server import OsmemServer

from portal.accounts.models import User
from portal.taxonomy.models import Occupation
from search import api, indexing, sources


class NoteSource(api.DocumentSource):
    """Documents whose fields a test chooses; an occupation stands for the model behind them."""

    model = "taxonomy.Occupation"
    kind = "note"
    label = "Note"
    fields: dict[str, dict[str, Any]] = {}
    hidden_now: set[str] = set()

    def to_document(self, obj: Occupation) -> api.Document | None:
        values = self.fields.get(obj.code, {})
        if values.get("absent"):
            return None
        return self.document(obj, title=obj.name, url=f"/notes/{obj.code}/", **values)

    def readable_by(self, user: Any) -> Any:
        return super().readable_by(user).exclude(pk__in=self.hidden_now)


@pytest.fixture
def notes() -> Iterator[NoteSource]:
    """Register the source of notes for one test."""
    api.register(NoteSource)
    source = sources.sources.get("note")
    source.fields, source.hidden_now = {}, set()
    yield source
    sources.sources._entries.pop("note")
    sources.sources_of.cache_clear()


@pytest.fixture
def add_note(notes: NoteSource, db: None) -> Callable[..., Occupation]:
    """Return a function that adds a note and indexes it."""

    def add(title: str, **fields: Any) -> Occupation:
        code = f"T{Occupation.objects.count():04d}"
        notes.fields[code] = fields
        note = Occupation.objects.create(code=code, name=title)
        indexing.drain()
        return note

    return add


@pytest.fixture
def member(db: None) -> User:
    """A person admitted to the community."""
    return User.objects.create_user(
        "membre@demo.example", membership_status=User.MembershipStatus.APPROVED, first_name="Membre", last_name="Un"
    )


@pytest.fixture(scope="session")
def osmem() -> Iterator[OsmemServer]:
    """Start the tests' own search server, once: each test takes a clone of it, empty."""
    with OsmemServer.start() as server:
        yield server
    # The library leaves its end of the pipe open.
    if server.process.stdout:
        server.process.stdout.close()
