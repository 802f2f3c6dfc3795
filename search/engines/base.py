"""What an engine of search does, whatever it is made of."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from search.projection import Change

#: Facets, by the name that addresses give them.
FACETS = ("type", "theme", "territoire", "appel", "annee")
#: No more results than these are shown: nobody reads on, and narrowing is faster.
MOST_SHOWN = 500


class Match(StrEnum):
    """How many of the words the found documents say."""

    ALL = "all"
    MOST = "most"
    ANY = "any"


class Sort(StrEnum):
    """Order of the results, as addresses write it."""

    RELEVANCE = "pertinence"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A question: ``tokens`` are the reader's, ``chosen`` the values of each facet.

    Values of one facet add up, facets narrow each other. ``page`` counts from 1. ``corrected``
    allows the engine to replace a word that nothing says by one that is near.
    """

    text: str
    tokens: frozenset[str]
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    page: int = 1
    page_size: int = 10
    sort: Sort = Sort.RELEVANCE
    corrected: bool = True


@dataclass(frozen=True, slots=True)
class SimilarRequest:
    """A text to compare with; ``kinds`` narrows where it is not empty, ``excluded`` are keys to pass over."""

    text: str
    tokens: frozenset[str]
    kinds: tuple[str, ...] = ()
    excluded: frozenset[str] = frozenset()
    limit: int = 10


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of keys, best first; ``total`` and ``facets`` count nothing that the reader may not see.

    ``page`` is the page given, the last one where a later one was asked for. ``stems`` are those
    to mark in the documents. ``corrections`` replace words that nothing says, and have been
    followed; ``suggestions`` are words that far more documents say than the one typed, and have not.
    """

    keys: Sequence[str] = ()
    total: int = 0
    page: int = 1
    facets: Mapping[str, Counter[str]] = field(default_factory=dict)
    match: Match = Match.ALL
    stems: frozenset[str] = frozenset()
    corrections: Mapping[str, str] = field(default_factory=dict)
    suggestions: Mapping[str, str] = field(default_factory=dict)
    degraded: bool = False


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Completions of what is being typed: whole questions, and keys of documents by their title."""

    questions: Sequence[str] = ()
    keys: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What tells engines apart: how late a change is found, and whether typed words are corrected."""

    immediate: bool
    corrects: bool


class RebuildSuperseded(Exception):
    """Another rebuild has begun; this one's generation is gone."""


class EngineUnavailable(Exception):
    """The engine does not answer; another one has to."""


class SearchEngine(Protocol):
    """Keeps documents and finds them, filtering by audience before it counts anything."""

    def setup(self) -> None:
        """Make what the engine needs before its first document; harmless when repeated."""

    def apply(self, changes: Sequence[Change]) -> None:
        """Take over ``changes`` of the projection where it is searched, and where a rebuild is writing."""

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer ``request``; any text is a valid question."""

    def suggest(self, prefix: str, held: frozenset[str], *, limit: int) -> Suggestions:
        """Complete ``prefix`` from public words and from titles that the reader may see."""

    def similar(self, request: SimilarRequest) -> list[str]:
        """Return the keys of what resembles a text, closest first."""

    def match(self, request: SearchRequest, keys: Sequence[str]) -> set[str]:
        """Return those of ``keys`` that ``request`` finds, whatever its page: for saved searches."""

    def begin_rebuild(self) -> int:
        """Open a new, empty generation and return its number; an unfinished one is abandoned."""

    def fill(self, generation: int, report: Callable[[int, int], None]) -> None:
        """Write the projection into ``generation`` and read it from then on; raises RebuildSuperseded.

        Until then the old generation answers. ``report`` is called with (done, total).
        """

    def abandon(self, generation: int) -> None:
        """Drop an unfinished ``generation``."""

    def refresh(self) -> None:
        """Make every change applied so far findable; for tests and checks."""

    def health(self) -> str:
        """Return "" where the engine is well, else what ails it in one line."""

    def capabilities(self) -> Capabilities:
        """Say what this engine can do."""
