"""Elasticsearch while it answers, the database's engine while it does not."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from search.engines import database_engine
from search.engines.base import (
    Capabilities,
    EngineUnavailable,
    SearchEngine,
    SearchRequest,
    SearchResult,
    SimilarRequest,
    Suggestions,
)
from search.engines.elastic.engine import ElasticEngine
from search.projection import Change

logger = logging.getLogger(__name__)

#: How long a server that did not answer is left alone: nobody waits for it in between.
PAUSE_SECONDS = 20.0

Answer = TypeVar("Answer")


class FailoverEngine:
    """Asks Elasticsearch; where it does not answer the database does, and says that it did.

    A failure opens the circuit of this process for ``PAUSE_SECONDS``; the next question after that
    tries again.
    """

    def __init__(self, remote: ElasticEngine | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.remote = remote or ElasticEngine()
        self._clock = clock
        self._closed_again_at = 0.0

    @property
    def local(self) -> SearchEngine:
        """The engine that is always kept up."""
        return database_engine()

    def _ask(self, remote: Callable[[], Answer], local: Callable[[], Answer]) -> tuple[Answer, bool]:
        """Return an answer, and whether it is the database's."""
        if self._clock() >= self._closed_again_at:
            try:
                return remote(), False
            except EngineUnavailable as error:
                self._closed_again_at = self._clock() + PAUSE_SECONDS
                logger.warning("Elasticsearch does not answer, the database does: %s", error)
        return local(), True

    def setup(self) -> None:
        """Prepare the server."""
        self.remote.setup()

    def apply(self, changes: Sequence[Change]) -> None:
        """Do nothing: the worker copies."""

    def copy(self) -> int:
        """Bring what waits to the server; raises EngineUnavailable."""
        self.remote.setup()
        return self.remote.copy()

    def search(self, request: SearchRequest) -> SearchResult:
        """Search, ``degraded`` telling that the database answered."""
        result, degraded = self._ask(lambda: self.remote.search(request), lambda: self.local.search(request))
        return replace(result, degraded=degraded)

    def suggest(self, prefix: str, held: frozenset[str], *, limit: int) -> Suggestions:
        """Complete a prefix."""
        return self._ask(
            lambda: self.remote.suggest(prefix, held, limit=limit),
            lambda: self.local.suggest(prefix, held, limit=limit),
        )[0]

    def similar(self, request: SimilarRequest) -> list[str]:
        """Find what resembles a text."""
        return self._ask(lambda: self.remote.similar(request), lambda: self.local.similar(request))[0]

    def match(self, request: SearchRequest, keys: Sequence[str]) -> set[str]:
        """Try documents on a search: always in the database, which knows them at once."""
        return self.local.match(request, keys)

    def begin_rebuild(self) -> int:
        """Open a new index."""
        return self.remote.begin_rebuild()

    def fill(self, generation: int, report: Callable[[int, int], None]) -> None:
        """Fill it and change over."""
        self.remote.fill(generation, report)

    def abandon(self, generation: int) -> None:
        """Drop an unfinished index."""
        self.remote.abandon(generation)

    def refresh(self) -> None:
        """Make everything findable."""
        self.remote.refresh()

    def health(self) -> str:
        """Tell what ails the server or the database's engine."""
        return self.remote.health() or self.local.health()

    def capabilities(self) -> Capabilities:
        """Say what Elasticsearch can do."""
        return self.remote.capabilities()
