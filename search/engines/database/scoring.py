"""Which documents answer a question, and in what order.

Every document is looked at: a question's words give lanes (``postings``), whose sums say how many
of the words a document holds and about how well. The few hundred best by that rough sum, of one byte, are
then scored exactly. IDF comes from the documents that the reader may see, and so do the totals.
"""

import heapq
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from search.engines.base import Match
from search.engines.database import postings
from search.engines.database.reading import Columns
from search.engines.question import Concept
from search.models import PostingField

#: What the very form of the question adds to its stem.
EXACT_BOOST = 0.3
SYNONYM_FACTOR = 0.7
COMPLETION_FACTOR = 0.8
#: How much a document loses for the words that it does not say.
COORDINATION = 0.5
#: Documents scored exactly beyond those that the page needs.
SPARE = 300

Lanes = Mapping[tuple[int, str], bytes]


@dataclass(frozen=True, slots=True)
class Scored:
    """A concept over all documents: a lane of impacts, and what an impact is worth."""

    lane: bytes
    worth: float
    is_number: bool
    found: int


def wanted_terms(concepts: Sequence[Concept], *, with_members: bool) -> dict[int, set[str]]:
    """Return the terms of the index that ``concepts`` read, by field."""
    stems = set().union(*(concept.stems for concept in concepts))
    wanted: dict[int, set[str]] = {
        PostingField.TEXT: stems,
        PostingField.EXACT: {concept.exact for concept in concepts if concept.exact != concept.stem},
    }
    if with_members:
        wanted[PostingField.MEMBERS] = stems
    return wanted


def score_concept(concept: Concept, lanes: Lanes, readable: bytes, size: int) -> Scored:
    """Return ``concept`` over the documents of ``readable``.

    A synonym, all of whose words must be there, counts where the word itself is not. ``size`` is the number of
    documents that the reader may see.
    """
    parts: list[tuple[bytes, float]] = []
    word = _word_parts(concept.stem, lanes)
    parts += [(lane, 1.0) for lane in word]
    exact = concept.stem if concept.exact == concept.stem else concept.exact
    field = PostingField.TEXT if exact == concept.stem else PostingField.EXACT
    if (field, exact) in lanes:
        parts.append((lanes[field, exact], EXACT_BOOST))
    others: list[tuple[tuple[str, ...], float]] = [
        ((stem,), COMPLETION_FACTOR) for stem in concept.completions if stem != concept.stem
    ]
    others += [(expression, SYNONYM_FACTOR) for expression in concept.synonyms]
    for expression, factor in others:
        lane = _expression_lane(expression, lanes)
        if lane is not None:
            said = postings.either([lane for lane, _factor in parts]) if parts else None
            parts.append((postings.masked(lane, postings.absent(said)) if said else lane, factor))
    if not parts:
        return Scored(bytes(len(readable)), 0.0, concept.is_number, 0)
    # Where a synonym counts the word does not: the highest sum is that of the word with its form.
    total = max(1.0, sum(factor for _lane, factor in parts[: len(word) + 1]))
    lane = postings.add([scaled(lane, factor / total) for lane, factor in parts], len(readable))
    lane = postings.masked(lane, readable)
    found = len(lane) - lane.count(0)
    idf = math.log(1 + (max(size, found) - found + 0.5) / (found + 0.5))
    return Scored(lane, idf * total, concept.is_number, found)


def _word_parts(stem: str, lanes: Lanes) -> list[bytes]:
    return [lanes[field, stem] for field in (PostingField.TEXT, PostingField.MEMBERS) if (field, stem) in lanes]


def _expression_lane(expression: tuple[str, ...], lanes: Lanes) -> bytes | None:
    """Return the lane of an expression: the mean of its words, where all of them are said."""
    total = None
    for stem in expression:
        parts = _word_parts(stem, lanes)
        if not parts:
            return None
        lane = parts[0] if len(parts) == 1 else postings.add([scaled(part, 0.5) for part in parts], len(parts[0]))
        if total is None:
            total, every = scaled(lane, 1 / len(expression)), postings.present(lane)
        else:
            total = postings.add([total, scaled(lane, 1 / len(expression))], len(lane))
            every = postings.both(every, postings.present(lane))
    return postings.masked(total, every) if total is not None else None


def scaled(lane: bytes, factor: float) -> bytes:
    """Return ``lane`` times ``factor`` (at most 1), never 0 where it was not."""
    return lane if factor >= 1 else lane.translate(_scale(round(factor, 3)))


@lru_cache(maxsize=4096)
def _scale(factor: float) -> bytes:
    return bytes([0, *(max(1, min(255, int(value * factor))) for value in range(1, 256))])


@dataclass(frozen=True, slots=True)
class Matched:
    """The documents found, as a lane of ones, and how many of the words they say."""

    mask: bytes
    match: Match


def match_concepts(scored: Sequence[Scored], *, needed: Callable[[int], int] | None = None) -> Matched:
    """Return the documents that say two thirds of the words; where there are none, any of them.

    Those that say all come first by their score; asking for all cost a seventh of the judged
    questions their answer (docs/adr/0010). Of one or two words all are asked while a document says
    them. A number alone is no answer where other words are asked. ``needed`` says instead how many
    of so many words a document has to say.
    """
    present = [postings.present(one.lane) for one in scored]
    said = postings.add(present, len(present[0]))
    asked = len(scored)
    others = [lane for lane, one in zip(present, scored, strict=True) if not one.is_number]
    if others and len(others) < asked:
        said = postings.masked(said, postings.either(others))
    if needed is not None:
        return Matched(_at_least(said, needed(asked)), Match.ANY)
    best = next((count for count in range(asked, 0, -1) if said.count(count)), 0)
    most = math.ceil(asked * 2 / 3)
    if best >= most:
        return Matched(_at_least(said, most), Match.ALL if best == asked else Match.MOST)
    return Matched(_at_least(said, 1), Match.ANY)


def _at_least(lane: bytes, least: int) -> bytes:
    return lane.translate(bytes(1 if value >= max(least, 1) else 0 for value in range(256)))


def best_positions(scored: Sequence[Scored], mask: bytes, columns: Columns, wanted: int) -> list[tuple[int, float]]:
    """Return the ``wanted`` best documents of ``mask`` as (position, score), newest first at equal score."""
    worth = sum(one.worth for one in scored) or 1.0
    rough = postings.add([scaled(one.lane, one.worth / worth) for one in scored], len(mask))
    lanes = [(one.lane, one.worth) for one in scored]
    scores = [
        (position, _score(lanes, position))
        for position in _likeliest(postings.masked(rough, mask), columns, wanted + SPARE)
    ]
    scores.sort(key=lambda one: (-one[1], -columns.day(one[0]), one[0]))
    return scores[:wanted]


def _score(lanes: Sequence[tuple[bytes, float]], position: int) -> float:
    """Return the score of a document; the fewer of the words it says, the less they count."""
    impacts = [(lane[position], worth) for lane, worth in lanes]
    said = sum(1 for impact, _worth in impacts if impact)
    return sum(worth * impact for impact, worth in impacts) * (said / len(lanes)) ** COORDINATION


def newest_positions(mask: bytes, columns: Columns, wanted: int) -> list[tuple[int, float]]:
    """Return the ``wanted`` newest documents of ``mask``; those without a date come last."""
    # One more everywhere, so that no document of the mask is at zero.
    found = _likeliest(postings.masked(_one_more(columns.high), mask), columns, wanted)
    return [(position, 0.0) for position in sorted(found, key=lambda one: (-columns.day(one), one))[:wanted]]


def _one_more(lane: bytes) -> bytes:
    return lane.translate(bytes(min(255, value + 1) for value in range(256)))


def _likeliest(lane: bytes, columns: Columns, wanted: int) -> list[int]:
    """Return the positions of the highest values of ``lane``, ``wanted`` of them or somewhat more."""
    counted, least = 0, 1
    for value, count in sorted(Counter(lane.translate(None, b"\0")).items(), reverse=True):
        counted += count
        if counted >= wanted:
            least = value
            break
    positions = postings.positions_of(_at_least(lane, least))
    # A short text of one word is like a thousand others: the newest of them are enough.
    if len(positions) > 4 * wanted:
        return heapq.nlargest(4 * wanted, positions, key=lambda one: (lane[one], columns.day(one)))
    return positions
