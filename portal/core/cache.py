"""Django's cache in the database, whose short values are written in one statement.

Stock counts the whole table, opens a transaction, reads the row and writes it: five statements for a token
of 32 signs, and a message of the forum writes five of those. Long values, which are stored pages, go the
stock way, which keeps the table below MAX_ENTRIES.
"""

import base64
import pickle
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends import db
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.db import DatabaseError, connections, router, transaction
from django.utils import timezone

#: Signs of a stored value; longer ones are pages.
SHORT = 1_000


class DatabaseCache(db.DatabaseCache):
    """Writes short values by upsert, which SQLite and PostgreSQL write alike."""

    def set_many(self, data: dict[Any, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> list[Any]:
        """Write ``data`` in one statement, all or nothing, where each value is short; return the keys not written."""
        stored = {self.make_and_validate_key(key, version=version): self._stored(data[key]) for key in data}
        if any(len(value) > SHORT for value in stored.values()):
            return super().set_many(data, timeout=timeout, version=version)
        return [] if self._upsert(stored, timeout) else list(data)

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        """Set (always) or add (where there is none, or one that has expired); False where nothing was written."""
        stored = self._stored(value)
        if mode == "touch" or len(stored) > SHORT:
            # Private to Django, and unknown to its stubs; a version that renames it fails at the first token.
            return bool(super()._base_set(mode, key, value, timeout))  # type: ignore[misc]
        return self._upsert({key: stored}, timeout, only_expired=mode == "add")

    def _stored(self, value: Any) -> str:
        return base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode("latin1")

    def _upsert(self, stored: Mapping[str, str], timeout: Any, *, only_expired: bool = False) -> bool:
        """Write ``stored``, value by key, in one statement; whether all of it was written."""
        if not stored:
            return True
        connection = connections[router.db_for_write(self.cache_model_class)]
        table, ended = connection.ops.quote_name(self._table), self.get_backend_timeout(timeout)  # type: ignore[attr-defined]
        expires = datetime.max if ended is None else datetime.fromtimestamp(ended, tz=UTC)  # noqa: DTZ901 -- as stock
        until, now = (
            connection.ops.adapt_datetimefield_value(moment.replace(microsecond=0))
            for moment in (expires, timezone.now())
        )
        places = ", ".join(["(%s, %s, %s)"] * len(stored))
        statement = (
            f"INSERT INTO {table} (cache_key, value, expires) VALUES {places} ON CONFLICT (cache_key)"  # noqa: S608 -- the table's own name
            " DO UPDATE SET value = excluded.value, expires = excluded.expires"
        )
        # In the order of their keys, so that two that write the same rows wait for each other in one direction.
        values = [value for key in sorted(stored) for value in (key, stored[key], until)]
        if only_expired:
            statement, values = f"{statement} WHERE {table}.expires < %s", [*values, now]
        # In a caller's transaction a savepoint, without which PostgreSQL refuses all that follows a failure.
        guard = transaction.atomic(using=connection.alias) if connection.in_atomic_block else nullcontext()
        try:
            with guard, connection.cursor() as cursor:
                cursor.execute(statement, values)
                return bool(cursor.rowcount == len(stored))
        except DatabaseError:
            # As stock: a cache that fails is a cache that holds nothing.
            return False
