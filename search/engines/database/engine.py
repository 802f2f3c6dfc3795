"""The embedded engine: the portal's own database, SQLite and PostgreSQL alike."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from search.analysis import Token, clean_text, tokens
from search.engines.base import (
    FACETS,
    MOST_SHOWN,
    Capabilities,
    SearchRequest,
    SearchResult,
    SimilarRequest,
    Sort,
    Suggestions,
)
from search.engines.database import postings, spelling, writing
from search.engines.database.reading import Columns, read_columns, read_lanes
from search.engines.database.scoring import (
    Lanes,
    Scored,
    best_positions,
    match_concepts,
    newest_positions,
    score_concept,
    wanted_terms,
)
from search.engines.question import Concept, concepts_of, corrected_words, words_of
from search.enums import MEMBERS, PUBLIC
from search.models import IndexBlock, IndexState, PostingField, SearchDocument, VocabularyWord
from search.projection import Change
from search.synonyms import load_synonyms

#: Words of a text that are compared with others, and those of them that say most about it.
COMPARED_WORDS = 40
MOST_COMPARED = 20_000
TELLING_WORDS = 12
#: A word that so many times more documents say is proposed instead of the one typed.
FAR_MORE = 30
COMPLETIONS = 12


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reader before one state of the index."""

    columns: Columns
    tokens: frozenset[str]
    readable: bytes

    @property
    def size(self) -> int:
        """Number of documents that the reader may see."""
        return self.readable.count(1)

    def lanes(self, concepts: Sequence[Concept]) -> Lanes:
        return read_lanes(self.columns, wanted_terms(concepts, with_members=MEMBERS in self.tokens))

    def score(self, concepts: Sequence[Concept], lanes: Lanes) -> list[Scored]:
        size = self.size
        return [score_concept(concept, lanes, self.readable, size) for concept in concepts]


class DatabaseEngine:
    """Keeps its index in the portal's database and reckons in Python, by lanes of bytes.

    See docs/adr/0010: neither database's own ranking has what is asked of search here.
    """

    def setup(self) -> None:
        """Do nothing: migrations make the tables."""

    def apply(self, changes: Sequence[Change]) -> None:
        """Write ``changes`` in the index that is read, and in the one being built."""
        if changes:
            writing.apply(changes)

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer in three queries: state of the index, synonyms, words; a few more where a word is unknown."""
        words = words_of(request.text)
        reading = _reading(request.tokens)
        if not words or not reading.columns.blocks:
            return SearchResult(facets={name: Counter() for name in FACETS})
        concepts, scored, corrections = _understand(words, reading, corrected=request.corrected)
        matched = match_concepts(scored)
        kept, counts = _narrow(reading.columns, postings.bits_of(matched.mask), request.chosen)
        total = kept.bit_count()
        page = max(1, min(request.page, -(-min(total, MOST_SHOWN) // request.page_size)))
        positions = _ordered(
            request.sort,
            scored,
            postings.mask_of(kept, reading.columns.size),
            reading.columns,
            page * request.page_size,
        )
        shown = positions[(page - 1) * request.page_size : page * request.page_size]
        return SearchResult(
            keys=_keys(reading.columns, shown),
            total=total,
            page=page,
            facets=counts,
            match=matched.match,
            stems=frozenset().union(*(concept.stems for concept in concepts)),
            corrections=corrections,
            suggestions={} if corrections or reading.size < FAR_MORE else _suggestions(words, scored),
        )

    def suggest(self, prefix: str, held: frozenset[str], *, limit: int) -> Suggestions:
        """Complete the last word from public text; find titles that say the words before and begin the last one."""
        words = words_of(prefix)
        if not words or prefix[-1:].isspace() or len(words[-1].exact) < 2:
            return Suggestions()
        reading = _reading(held)
        last = words[-1]
        known = spelling.beginning_with(last.exact, COMPLETIONS)
        stems = [word.stem for row in known for word in words_of(row.word)]
        concepts = concepts_of(words, load_synonyms())
        concepts[-1] = replace(concepts[-1], completions=tuple(dict.fromkeys(stems)))
        lanes = reading.lanes(concepts)
        begun = prefix[: last.start]
        questions = [f"{begun}{row.shown}" for row in _fitting(reading.columns, concepts[:-1], known, lanes)]
        return Suggestions(
            [one for one in questions if one != prefix.strip()][:limit], _titles(reading, concepts, lanes)
        )

    def similar(self, request: SimilarRequest) -> list[str]:
        """Rank by the words of the text that are the rarest among what the reader may see."""
        # A book may be given: its beginning says what it is about.
        counted = Counter(word.stem for word in tokens(clean_text(request.text[:MOST_COMPARED])))
        concepts = [Concept(stem, stem) for stem, _count in counted.most_common(COMPARED_WORDS) if not stem.isdigit()]
        reading = _reading(request.tokens)
        if not concepts or not reading.columns.blocks:
            return []
        lanes = read_lanes(reading.columns, {PostingField.TEXT: [concept.stem for concept in concepts]})
        scored = [one for one in reading.score(concepts, lanes) if one.found]
        scored.sort(key=lambda one: -one.worth)
        telling = scored[:TELLING_WORDS]
        if not telling:
            return []
        matched = match_concepts(telling, needed=lambda asked: math.ceil(asked * 0.3))
        kept, _counts = _narrow(reading.columns, postings.bits_of(matched.mask), {"type": request.kinds})
        mask = postings.mask_of(kept, reading.columns.size)
        positions = best_positions(telling, mask, reading.columns, request.limit + len(request.excluded))
        keys = _keys(reading.columns, [position for position, _score in positions])
        return [key for key in keys if key not in request.excluded][: request.limit]

    def match(self, request: SearchRequest, keys: Sequence[str]) -> set[str]:
        """Look at the documents of ``keys`` alone; a question without words is met by its facets."""
        reading = _reading(request.tokens)
        words = words_of(request.text)
        if not reading.columns.blocks:
            return set()
        mask = reading.readable
        if words:
            _concepts, scored, _corrections = _understand(words, reading, corrected=False)
            mask = match_concepts(scored, needed=lambda asked: asked).mask
        kept, _counts = _narrow(reading.columns, postings.bits_of(mask), request.chosen)
        numbers = SearchDocument.objects.filter(key__in=list(keys)).order_by().values_list("key", "pk")
        found = ((key, reading.columns.position(number)) for key, number in numbers)
        return {key for key, position in found if position is not None and kept >> position & 1}

    def begin_rebuild(self) -> int:
        """Open a new generation in the table that is not read."""
        return writing.begin()

    def fill(self, generation: int, report: Callable[[int, int], None]) -> None:
        """Write the projection into ``generation``, then read it."""
        writing.fill(generation, report)

    def abandon(self, generation: int) -> None:
        """Drop ``generation``; its rows go when the next rebuild begins."""
        writing.abandon(generation)

    def refresh(self) -> None:
        """Do nothing: what is committed is found."""

    def health(self) -> str:
        """Tell whether documents wait for an index."""
        if (
            SearchDocument.objects.exists()
            and not IndexBlock.objects.filter(generation=IndexState.load().live_generation).exists()
        ):
            return "the index is empty: run search_rebuild"
        return ""

    def capabilities(self) -> Capabilities:
        """Say that changes are found at once and words corrected."""
        return Capabilities(immediate=True, corrects=True)


def _reading(held: frozenset[str]) -> _Reading:
    """Read the index as it is now for a reader who holds ``held``."""
    columns = read_columns()
    return _Reading(columns, held, columns.readable(held))


def _understand(
    words: Sequence[Token], reading: _Reading, *, corrected: bool
) -> tuple[list[Concept], list[Scored], dict[str, str]]:
    """Return the concepts of a question over all documents, words that nothing says being replaced by near ones."""
    synonyms = load_synonyms()
    concepts = concepts_of(words, synonyms)
    scored = reading.score(concepts, reading.lanes(concepts))
    corrections: dict[str, str] = {}
    if corrected:
        unknown = {concept.exact for concept, one in zip(concepts, scored, strict=True) if not one.found}
        near = {word: found for word in sorted(unknown)[:4] if (found := spelling.nearest(word))}
        replaced = corrected_words(words, {word: row.word for word, row in near.items()})
        again = concepts_of(replaced, synonyms)
        if near:
            rescored = reading.score(again, reading.lanes(again))
            # The vocabulary may be a moment late: only what is found is a correction.
            said = {concept.exact for concept, one in zip(again, rescored, strict=True) if one.found}
            corrections = {word: row.shown for word, row in near.items() if row.word in said}
            if corrections:
                concepts, scored = again, rescored
    return concepts, scored, corrections


def _suggestions(words: Sequence[Token], scored: Sequence[Scored]) -> dict[str, str]:
    """Return, for words that hardly anything says, near ones that far more documents say."""
    found = {}
    for word, one in zip(words, scored, strict=False):
        if 0 < one.found <= 2 and spelling.is_correctable(word.exact):
            near = spelling.nearest(word.exact)
            if near is not None and near.documents >= FAR_MORE * one.found and _stem(near.word) != word.stem:
                found[word.exact] = near.shown
    return found


def _stem(word: str) -> str:
    return next((token.stem for token in words_of(word)), word)


def _fitting(
    columns: Columns, before: Sequence[Concept], known: Sequence[VocabularyWord], lanes: Lanes
) -> list[VocabularyWord]:
    """Return the words of ``known`` that a public document says beside the words before; commonest first.

    Of the forms of one word the commonest is enough.
    """
    public = columns.readable(frozenset({PUBLIC}))
    for concept in before:
        lane = lanes.get((PostingField.TEXT, concept.stem))
        public = postings.both(public, postings.present(lane)) if lane else bytes(columns.size)
    found: dict[str, tuple[int, VocabularyWord]] = {}
    for row in known:
        stem = _stem(row.word)
        lane = lanes.get((PostingField.TEXT, stem))
        count = postings.both(public, postings.present(lane)).count(1) if lane else 0
        if count and stem not in found:
            found[stem] = count, row
    return [row for _count, row in sorted(found.values(), key=lambda one: -one[0])]


def _titles(reading: _Reading, concepts: Sequence[Concept], lanes: Lanes) -> list[str]:
    if not reading.columns.blocks:
        return []
    scored = reading.score(concepts, lanes)
    matched = match_concepts(scored, needed=lambda asked: asked)
    positions = best_positions(scored, matched.mask, reading.columns, 60)
    return _keys(reading.columns, [position for position, _score in positions])


def _ordered(sort: Sort, scored: Sequence[Scored], mask: bytes, columns: Columns, wanted: int) -> list[int]:
    found = (
        newest_positions(mask, columns, wanted) if sort is Sort.DATE else best_positions(scored, mask, columns, wanted)
    )
    return [position for position, _score in found]


def _narrow(columns: Columns, found: int, chosen: Mapping[str, Sequence[str]]) -> tuple[int, dict[str, Counter[str]]]:
    """Return the documents that pass every choice, and the counts of each facet's values.

    A value counts what choosing it would show with the other facets as they are.
    """
    passing = {}
    for name, values in chosen.items():
        if values:
            bits = 0
            for value in values:
                bits |= columns.facets[name].get(value, 0)
            passing[name] = bits
    kept = found
    for bits in passing.values():
        kept &= bits
    counts: dict[str, Counter[str]] = {}
    for name in FACETS:
        base = found
        for other, bits in passing.items():
            if other != name:
                base &= bits
        counted = ((value, (base & bits).bit_count()) for value, bits in columns.facets.get(name, {}).items())
        counts[name] = Counter({value: count for value, count in counted if count})
    return kept, counts


def _keys(columns: Columns, positions: Sequence[int]) -> list[str]:
    """Return the keys at ``positions``, in their order; one query."""
    numbers = [columns.number(position) for position in positions]
    keys = dict(SearchDocument.objects.filter(pk__in=numbers).order_by().values_list("pk", "key")) if numbers else {}
    return [keys[number] for number in numbers if number in keys]
