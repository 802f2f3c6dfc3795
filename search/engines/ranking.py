"""Which documents answer a question, and in what order: BM25 by field over postings.

Title and text are scored apart, each by its own length; IDF comes from the documents that the
reader may see. A question of several words asks for all of them, else for two thirds, else for any.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from search.analysis import EXACT, clean_text, tokens
from search.engines.base import Match
from search.synonyms import Synonym, alternatives_for

#: Usual constants of BM25 (Robertson, Zaragoza 2009).
K1 = 1.2
B = 0.75
TITLE_BOOST = 2.0
#: What the very form of the question adds to its stem.
EXACT_BOOST = 0.3
SYNONYM_FACTOR = 0.7
#: Words of a question beyond these change nothing but the time it takes.
MAX_CONCEPTS = 24


@dataclass(frozen=True, slots=True)
class Concept:
    """A word of the question: its stem, its exact form, and what may stand in its place."""

    stem: str
    exact: str
    synonyms: tuple[tuple[str, ...], ...] = ()

    @property
    def terms(self) -> set[str]:
        """Every term of the index that this concept reads."""
        return {self.stem, EXACT + self.exact}.union(*self.synonyms)


@dataclass(frozen=True, slots=True)
class Collection:
    """The documents that a reader may see: how many, and the mean number of words of their fields."""

    size: int
    title_length: float
    text_length: float


class Candidate(NamedTuple):
    """A document that says at least one word of the question; ``facets`` as the row holds them.

    A tuple, since a common word makes thousands of them for one question.
    """

    pk: int
    weight: float
    day: int
    title_norm: float
    text_norm: float
    facets: tuple[str, str, str]


def norm_of(length: float, mean: float) -> float:
    """Return what BM25 adds to a word's count in a field of ``length`` words."""
    return K1 * (1 - B + B * length / max(mean, 1.0))


@dataclass(slots=True)
class Matched:
    """Candidates in their order, and how many of the words they say."""

    candidates: list[Candidate] = field(default_factory=list)
    match: Match = Match.ALL


def parse_question(text: str, synonyms: Sequence[Synonym]) -> list[Concept]:
    """Return the concepts of ``text``, each once, in order; stop words are none."""
    words = list(tokens(clean_text(text)))[:MAX_CONCEPTS]
    others = alternatives_for([word.stem for word in words], synonyms)
    concepts = {
        word.stem: Concept(word.stem, word.exact, tuple(dict.fromkeys(replacements)))
        for word, replacements in zip(words, others, strict=True)
    }
    return list(concepts.values())


class Scorer:
    """Scores candidates for one question."""

    def __init__(
        self, size: int, candidates: Mapping[int, Candidate], postings: Iterable[tuple[str, int, int, int]]
    ) -> None:
        """``size`` counts what the reader may see; ``postings`` are (term, document, in title, in text)."""
        self.size = size
        self.candidates = candidates
        # Tuples of numbers alone: the garbage collector passes them over.
        self._by_term: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for term, document, title, text in postings:
            # The candidates are what the reader may see: nothing else is counted.
            if document in candidates:
                self._by_term[term].append((document, title, text))

    def rank(self, concepts: Sequence[Concept]) -> Matched:
        """Return the candidates that say enough of ``concepts``, best first, newest at equal score."""
        scores: dict[int, float] = defaultdict(float)
        counts: dict[int, int] = defaultdict(int)
        for concept in concepts:
            for document, score in self._score_concept(concept).items():
                scores[document] += score
                counts[document] += 1
        match, needed = _level(len(concepts), max(counts.values(), default=0))
        kept = [self.candidates[document] for document, count in counts.items() if count >= needed]
        kept.sort(key=lambda one: (-scores[one.pk] * one.weight, -one.day, one.pk))
        return Matched(kept, match)

    def _score_concept(self, concept: Concept) -> dict[int, float]:
        scores = self._score_term(concept.stem)
        exact = self._score_term(concept.stem if concept.exact == concept.stem else EXACT + concept.exact)
        for document, score in exact.items():
            scores[document] += EXACT_BOOST * score
        for expression in concept.synonyms:
            for document, score in self._score_expression(expression).items():
                scores[document] = max(scores.get(document, 0.0), SYNONYM_FACTOR * score)
        return scores

    def _score_expression(self, expression: tuple[str, ...]) -> dict[int, float]:
        """Score the documents that say every word of a synonym, as if it were one word."""
        by_word = [self._score_term(term) for term in expression]
        shared = set(by_word[0]).intersection(*by_word[1:])
        return {document: sum(scores[document] for scores in by_word) / len(by_word) for document in shared}

    def _score_term(self, term: str) -> dict[int, float]:
        postings = self._by_term.get(term, [])
        found = len(postings)
        idf = math.log(1 + (max(self.size, found) - found + 0.5) / (found + 0.5))
        in_title, in_text = idf * (K1 + 1) * TITLE_BOOST, idf * (K1 + 1)
        scores = {}
        for document, title, text in postings:
            one = self.candidates[document]
            scores[document] = in_title * title / (title + one.title_norm) + in_text * text / (text + one.text_norm)
        return scores


def _level(asked: int, best: int) -> tuple[Match, int]:
    """Return how many of the ``asked`` words to require, ``best`` being the most a document says."""
    if best == asked:
        return Match.ALL, asked
    most = math.ceil(asked * 2 / 3)
    return (Match.MOST, most) if best >= most else (Match.ANY, 1)
