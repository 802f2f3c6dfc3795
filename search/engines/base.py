"""What an engine of search does, whatever it is made of."""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from django.utils.safestring import SafeString

from search.sources import Document

#: Facets, by the name that addresses give them.
FACETS = ("type", "theme", "territoire")


class Match(StrEnum):
    """How many of the words the found documents say."""

    ALL = "all"
    MOST = "most"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A question: ``tokens`` are the reader's, ``chosen`` the values of each facet.

    Values of one facet add up, facets narrow each other. ``page`` counts from 1.
    """

    text: str
    tokens: frozenset[str]
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    page: int = 1
    page_size: int = 10


@dataclass(frozen=True, slots=True)
class SimilarRequest:
    """A text to compare with; ``kinds`` narrows where it is not empty, ``excluded`` are keys to pass over."""

    text: str
    tokens: frozenset[str]
    kinds: tuple[str, ...] = ()
    excluded: frozenset[str] = frozenset()
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found; ``title`` and ``excerpt`` are escaped, with the words found in <mark>."""

    key: str
    kind: str
    title: SafeString
    excerpt: SafeString
    url: str
    date: datetime.date | None
    breadcrumb: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of hits; ``total`` and ``facets`` count nothing that the reader may not see.

    ``page`` is the page given, the last one where a later one was asked for.
    """

    hits: Sequence[Hit] = ()
    total: int = 0
    page: int = 1
    facets: Mapping[str, Counter[str]] = field(default_factory=dict)
    match: Match = Match.ALL


class RebuildSuperseded(Exception):
    """Another rebuild has begun; this one's generation is gone."""


class SearchEngine(Protocol):
    """Keeps documents and finds them, filtering by audience before it counts anything."""

    def upsert(self, documents: Sequence[Document]) -> None:
        """Write ``documents`` where they are searched, and where a rebuild is writing."""

    def delete(self, keys: Sequence[str]) -> None:
        """Forget the documents of ``keys``; unknown keys are no error."""

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer ``request``; any text is a valid question."""

    def similar(self, request: SimilarRequest) -> list[str]:
        """Return the keys of what resembles a text, closest first."""

    def begin_rebuild(self) -> int:
        """Open a new, empty generation and return its number; an unfinished one is abandoned."""

    def write(self, generation: int, documents: Sequence[Document]) -> None:
        """Write ``documents`` in ``generation`` alone; raises RebuildSuperseded if it is gone."""

    def promote(self, generation: int) -> None:
        """Make ``generation`` the one that is searched, at once; raises RebuildSuperseded."""

    def abandon(self, generation: int) -> None:
        """Drop an unfinished ``generation``."""
