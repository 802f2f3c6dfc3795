"""Which documents answer a question, and in what order: BM25 by field over postings.

Title and text are scored apart, each by its own length; IDF comes from the documents that the
reader may see. A question of several words asks for all of them, else for two thirds, else for any.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

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
class Lengths:
    """Words of a document, or their mean over the collection."""

    title: float
    text: float


@dataclass(frozen=True, slots=True)
class Collection:
    """The documents that a reader may see, as BM25 needs them."""

    size: int
    mean: Lengths


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that says at least one word of the question."""

    pk: int
    kind: str
    themes: tuple[str, ...]
    territories: tuple[str, ...]
    weight: float
    recency: int
    lengths: Lengths


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
        self,
        collection: Collection,
        candidates: Mapping[int, Candidate],
        postings: Iterable[tuple[str, int, int, int]],
    ) -> None:
        """``postings`` are (term, document, count in the title, count in the text)."""
        self.collection = collection
        self.candidates = candidates
        self._by_term: dict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
        for term, document, title, text in postings:
            # The candidates are what the reader may see: nothing else is counted.
            if document in candidates:
                self._by_term[term][document] = (title, text)

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
        kept.sort(key=lambda one: (-scores[one.pk] * one.weight, -one.recency, one.pk))
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
        postings = self._by_term.get(term, {})
        found = len(postings)
        idf = math.log(1 + (max(self.collection.size, found) - found + 0.5) / (found + 0.5))
        mean = self.collection.mean
        scores = {}
        for document, (title, text) in postings.items():
            lengths = self.candidates[document].lengths
            scores[document] = idf * (
                TITLE_BOOST * _saturate(title, lengths.title, mean.title) + _saturate(text, lengths.text, mean.text)
            )
        return scores


def _saturate(count: int, length: float, mean: float) -> float:
    """Return BM25's weight of a word said ``count`` times in a field of ``length`` words."""
    if not count:
        return 0.0
    return count * (K1 + 1) / (count + K1 * (1 - B + B * length / max(mean, 1.0)))


def _level(asked: int, best: int) -> tuple[Match, int]:
    """Return how many of the ``asked`` words to require, ``best`` being the most a document says."""
    if best == asked:
        return Match.ALL, asked
    most = math.ceil(asked * 2 / 3)
    return (Match.MOST, most) if best >= most else (Match.ANY, 1)
