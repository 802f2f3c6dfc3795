"""The Elasticsearch engine: an alias that is searched, indices that rebuilds fill, versioned writes."""

import logging
import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.conf import settings
from elasticsearch import ApiError, Elasticsearch, TransportError

from portal.core import areas
from search.analysis import Token
from search.engines.base import (
    FACETS,
    MOST_SHOWN,
    Capabilities,
    EngineUnavailable,
    Match,
    RebuildSuperseded,
    SearchRequest,
    SearchResult,
    SimilarRequest,
    Suggestions,
)
from search.engines.database import spelling
from search.engines.elastic import bodies
from search.engines.question import Concept, concepts_of, corrected_words, words_of
from search.models import RemoteTask, SearchDocument
from search.projection import Change
from search.sources import found_area
from search.synonyms import load_synonyms

ALIAS = "portal-search"
#: A person waits: beyond this the database answers.
TIMEOUT_SECONDS = 1.0
#: Writing is the worker's: it may wait.
WRITE_TIMEOUT_SECONDS = 30.0
BATCH = 500


def make_client(url: str) -> Elasticsearch:
    """Return a client of the server at ``url``; requests are tried once."""
    # It tells of every request otherwise.
    logging.getLogger("elastic_transport").setLevel(logging.WARNING)
    return Elasticsearch(url, request_timeout=TIMEOUT_SECONDS, max_retries=0, retry_on_timeout=False)


class ElasticEngine:
    """Finds in Elasticsearch what the projection holds; raises EngineUnavailable where it does not answer.

    Vocabulary and corrections come from the database, which holds public words alone.
    """

    def __init__(
        self, client: Elasticsearch | None = None, *, alias: str = ALIAS, index_body: Mapping[str, Any] | None = None
    ) -> None:
        self.client = client or make_client(settings.ELASTICSEARCH_URL)
        self.alias = alias
        self.building_alias = f"{alias}-building"
        self.index_body = index_body or bodies.index_body()

    # Keeping

    def setup(self) -> None:
        """Make an empty index under the alias where there is none."""
        with self._answering() as client:
            if not client.indices.exists_alias(name=self.alias):
                name = f"{self.alias}-{time.time_ns()}"
                client.indices.create(index=name, **self.index_body, aliases={self.alias: {"is_write_index": True}})

    def apply(self, changes: Sequence[Change]) -> None:
        """Do nothing: a save never waits for Elasticsearch; ``copy`` follows, in the worker."""

    def copy(self) -> int:
        """Bring the documents of waiting ``RemoteTask`` rows to the server; return how many there were.

        Rows go once the server has taken them, or has refused them as older than what it holds.
        Raises EngineUnavailable, and everything waits.
        """
        tasks = list(RemoteTask.objects.order_by("pk")[:BATCH])
        if not tasks:
            return 0
        versions: dict[str, int] = {}
        for task in tasks:
            versions[task.key] = max(versions.get(task.key, 0), task.version)
        rows = list(SearchDocument.objects.filter(key__in=versions))
        gone = {key: version for key, version in versions.items() if key not in {row.key for row in rows}}
        with self._answering() as client:
            for index in self._written(client):
                self._bulk(client, bodies.bulk_operations(index, rows, gone))
        RemoteTask.objects.filter(pk__in=[task.pk for task in tasks]).delete()
        # What was shown between the change and its copy came from the older state.
        kinds = {key.partition(":")[0] for key in versions}
        areas.invalidate({found_area(kind, by_members=one) for kind in kinds for one in (False, True)})
        return len(versions)

    def _written(self, client: Elasticsearch) -> list[str]:
        """Return the indices that changes go to: the one that is searched, and one being built."""
        found: list[str] = []
        for alias in (self.alias, self.building_alias):
            if client.indices.exists_alias(name=alias):
                found += client.indices.get_alias(name=alias)
        return sorted(set(found))

    def _bulk(self, client: Elasticsearch, operations: list[dict[str, Any]]) -> None:
        """Send ``operations``; a refused version is what was asked for, anything else an error."""
        if not operations:
            return
        answer = client.options(request_timeout=WRITE_TIMEOUT_SECONDS).bulk(operations=operations)
        for item in answer["items"]:
            [done] = item.values()
            if done["status"] not in {200, 201, 404, 409}:
                raise EngineUnavailable(f"{done['_id']}: {done.get('error')}")

    # Finding

    def search(self, request: SearchRequest) -> SearchResult:
        """Ask for two thirds of the words; where nothing says them all correct what is unknown, then ask for any."""
        words = words_of(request.text)
        if not words:
            return SearchResult(facets={name: Counter() for name in FACETS})
        concepts = concepts_of(words, load_synonyms())
        answer, match = self._ask(request, concepts)
        corrections: dict[str, str] = {}
        if match is not Match.ALL and request.corrected:
            corrections, near = self._correct(request, words, concepts)
            if corrections:
                concepts = near
                answer, match = self._ask(request, concepts)
        total = answer["hits"]["total"]["value"]
        page = max(1, min(request.page, -(-min(total, MOST_SHOWN) // request.page_size)))
        return SearchResult(
            keys=[hit["_id"] for hit in answer["hits"]["hits"]],
            total=total,
            page=page,
            facets={name: _counts(answer["aggregations"][name]["values"]["buckets"]) for name in FACETS},
            match=match,
            stems=frozenset().union(*(concept.stems for concept in concepts)),
            corrections=corrections,
        )

    def _ask(self, request: SearchRequest, concepts: Sequence[Concept]) -> tuple[Any, Match]:
        """Return the documents that say two thirds of the words, else those that say any, as the database does.

        Those that say all have the highest sums, and come first. A page too far is the last one.
        """
        needed = math.ceil(len(concepts) * 2 / 3)
        answer = self._search(bodies.search_body(request, concepts, needed))
        if needed > 1 and not any(answer["aggregations"][name]["doc_count"] for name in FACETS):
            needed = 1
            answer = self._search(bodies.search_body(request, concepts, needed))
        says_all = answer["aggregations"]["complete"]["doc_count"]
        match = Match.ALL if says_all else Match.ANY if needed == 1 else Match.MOST
        total = answer["hits"]["total"]["value"]
        if total and not answer["hits"]["hits"]:
            last = -(-min(total, MOST_SHOWN) // request.page_size)
            answer = self._search(bodies.search_body(replace(request, page=last), concepts, needed))
        return answer, match

    def _correct(
        self, request: SearchRequest, words: Sequence[Token], concepts: Sequence[Concept]
    ) -> tuple[dict[str, str], list[Concept]]:
        """Return near words for those that nothing says, and the concepts with them in their place."""
        said = self._search(bodies.said_body(request.tokens, concepts))["aggregations"]["said"]["buckets"]
        unknown = [concept.exact for concept in concepts if not said[concept.exact]["doc_count"]]
        near = {word: row for word in unknown[:4] if (row := spelling.nearest(word))}
        again = concepts_of(corrected_words(words, {word: row.word for word, row in near.items()}), load_synonyms())
        return {word: row.shown for word, row in near.items()}, again

    def suggest(self, prefix: str, held: frozenset[str], *, limit: int) -> Suggestions:
        """Complete the last word from the public vocabulary; find titles that go on like ``prefix``."""
        words = words_of(prefix)
        if not words or prefix[-1:].isspace() or len(words[-1].exact) < 2:
            return Suggestions()
        begun = prefix[: words[-1].start]
        questions = [f"{begun}{row.shown}" for row in spelling.beginning_with(words[-1].exact, limit)]
        answer = self._search(bodies.titles_body(" ".join(word.exact for word in words), held, limit * 8))
        return Suggestions([one for one in questions if one != prefix.strip()], _keys(answer))

    def similar(self, request: SimilarRequest) -> list[str]:
        """Let Elasticsearch choose the words that say most about the text."""
        return _keys(self._search(bodies.similar_body(request))) if words_of(request.text) else []

    def match(self, request: SearchRequest, keys: Sequence[str]) -> set[str]:
        """Look at the documents of ``keys`` alone."""
        if not keys:
            return set()
        concepts = concepts_of(words_of(request.text), load_synonyms())
        return set(_keys(self._search(bodies.match_body(request, concepts, keys))))

    def _search(self, body: Mapping[str, Any]) -> Any:
        with self._answering() as client:
            return client.search(index=self.alias, body=dict(body)).body

    # Rebuilding

    def begin_rebuild(self) -> int:
        """Create an empty index that changes are copied to as well; one left by an interrupted rebuild goes."""
        generation = time.time_ns()
        with self._answering() as client:
            if client.indices.exists_alias(name=self.building_alias):
                for index in client.indices.get_alias(name=self.building_alias):
                    client.indices.delete(index=index)
            client.indices.create(index=self._name(generation), **self.index_body, aliases={self.building_alias: {}})
        return generation

    def fill(self, generation: int, report: Callable[[int, int], None]) -> None:
        """Copy the projection, then what has changed meanwhile; compare, and change the alias over at once.

        Raises RebuildSuperseded when another rebuild has begun, EngineUnavailable where the copy
        does not hold what the projection does: the old index stays.
        """
        index, done, last = self._name(generation), 0, 0
        total = SearchDocument.objects.count()
        while rows := list(SearchDocument.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
            with self._answering() as client:
                self._check_current(client, index)
                self._bulk(client, bodies.bulk_operations(index, rows, {}))
            done, last = done + len(rows), rows[-1].pk
            report(min(done, total), total)
        while self.copy():
            pass
        with self._answering() as client:
            self._check_current(client, index)
            self._check_copy(client, index)
            is_searched = client.indices.exists_alias(name=self.alias)
            old = set(client.indices.get_alias(name=self.alias)) if is_searched else set[str]()
            client.indices.update_aliases(**bodies.alias_actions(self.alias, old, index, self.building_alias))
            self._drop_all_but(client, {index, *old})

    def _check_copy(self, client: Elasticsearch, index: str) -> None:
        """Compare the count, and look for a few documents by their titles, before anybody searches here."""
        client.indices.refresh(index=index)
        held, wanted = client.count(index=index)["count"], SearchDocument.objects.count()
        if held != wanted:
            raise EngineUnavailable(f"{index} holds {held} documents, the projection {wanted}")
        for row in SearchDocument.objects.order_by("-weight", "pk")[:3]:
            body = bodies.match_body(SearchRequest(row.title, frozenset(row.audience.split())), [], [row.key])
            if not client.search(index=index, body=body)["hits"]["hits"]:
                raise EngineUnavailable(f"{index} does not find {row.key}")

    def _check_current(self, client: Elasticsearch, index: str) -> None:
        if not client.indices.exists_alias(name=self.building_alias, index=index):
            raise RebuildSuperseded

    def _drop_all_but(self, client: Elasticsearch, kept: set[str]) -> None:
        """Delete older indices; the one searched until now stays, to go back to."""
        for name in client.indices.get(index=f"{self.alias}-*"):
            if name not in kept:
                client.indices.delete(index=name)

    def abandon(self, generation: int) -> None:
        """Delete an unfinished index."""
        with self._answering() as client:
            name = self._name(generation)
            if client.indices.exists(index=name) and not client.indices.exists_alias(name=self.alias, index=name):
                client.indices.delete(index=name)

    def _name(self, generation: int) -> str:
        return f"{self.alias}-{generation}"

    def refresh(self) -> None:
        """Copy what waits and make it findable."""
        while self.copy():
            pass
        with self._answering() as client:
            client.indices.refresh(index=self.alias)

    def health(self) -> str:
        """Tell what the cluster says of itself, and how much waits to be copied."""
        try:
            with self._answering() as client:
                status = client.cluster.health()["status"]
        except EngineUnavailable as error:
            return f"Elasticsearch does not answer: {error}"
        waiting = RemoteTask.objects.count()
        if status == "red":
            return "Elasticsearch is red"
        return f"{waiting} documents wait to be copied to Elasticsearch" if waiting > BATCH else ""

    def capabilities(self) -> Capabilities:
        """Say that changes are found after a moment."""
        return Capabilities(immediate=False, corrects=True)

    @contextmanager
    def _answering(self) -> Iterator[Elasticsearch]:
        """Turn what the client raises into EngineUnavailable."""
        try:
            yield self.client
        except (ApiError, TransportError) as error:
            raise EngineUnavailable(str(error)[:300]) from error


def _keys(answer: Any) -> list[str]:
    return [hit["_id"] for hit in answer["hits"]["hits"]]


def _counts(buckets: Sequence[Mapping[str, Any]]) -> Counter[str]:
    return Counter({bucket["key"]: bucket["doc_count"] for bucket in buckets if bucket["doc_count"]})
