"""What the index holds of a document: its words with their impacts, its facets, its readers, its date.

BM25 by field (Robertson, Zaragoza 2009): the title and the text are scored apart, each by its own
length, and added. The part of the score that depends on the document alone is what is kept, in one
byte; how rare a word is among what a reader may see is known when they ask.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from search.analysis import count_words
from search.enums import PUBLIC
from search.models import PostingField, SearchDocument

K1 = 1.2
B = 0.75
TITLE_BOOST = 2.0
#: Mean number of words of a title and of a text. Constants, so that one document's impacts do not
#: change with the others'; halving or doubling them changed no figure of ``make search-quality`` by 0.01.
TITLE_MEAN = 8.0
TEXT_MEAN = 200.0
#: The impact that fills a byte: a title and a text of that one word alone, somewhat weighted.
MOST = 8.0
_EPOCH = date(1970, 1, 1).toordinal()

#: (field, term) → impact.
Words = dict[tuple[int, str], int]
_Counts = dict[tuple[str, str], tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Analysed:
    """What the index holds of a document, and the words that it gives to the vocabulary.

    ``vocabulary`` holds words, folded → as written, that may complete or correct what anyone
    types: none of a document that is not public, none of the members' text.
    """

    words: Words
    vocabulary: dict[str, str]


def analyse(row: SearchDocument) -> Analysed:
    """Return all that the index holds of ``row``."""
    title, text, keywords = count_words(row.title), count_words(f"{row.summary}\n{row.body}"), count_words(row.keywords)
    vocabulary = _vocabulary_of(title | text) if PUBLIC in row.audience.split() else {}
    words: Words = {}
    _add_public(words, title, _joined(text, keywords), row.weight)
    _add_members(words, count_words(row.members_body), row.weight)
    words.update(dict.fromkeys(((PostingField.FACET, value) for value in facets_of(row)), 1))
    words.update(dict.fromkeys(((PostingField.AUDIENCE, token) for token in row.audience.split()), 1))
    if row.date is not None:
        days = min(max(row.date.toordinal() - _EPOCH, 1), 0xFFFF)
        words[PostingField.DATE, "high"], words[PostingField.DATE, "low"] = divmod(days, 256)
    return Analysed(words, vocabulary)


def _joined(counts: _Counts, others: _Counts) -> _Counts:
    for forms, (count, written) in others.items():
        counts[forms] = (count + counts[forms][0], written) if forms in counts else (count, written)
    return counts


def _add_public(words: Words, title: _Counts, text: _Counts, weight: float) -> None:
    """Add stems and exact forms of the title and the text, which count apart and add up."""
    scores: dict[tuple[int, str], float] = defaultdict(float)
    for counts, boost, mean in ((title, TITLE_BOOST, TITLE_MEAN), (text, 1.0, TEXT_MEAN)):
        stems, exact = _by_term(counts)
        norm = _norm(sum(stems.values()), mean)
        factor = boost * weight * (K1 + 1)
        for field, terms in ((PostingField.TEXT.value, stems), (PostingField.EXACT.value, exact)):
            for term, count in terms.items():
                scores[field, term] += factor * count / (count + norm)
    words.update((key, _byte(score)) for key, score in scores.items())


def _add_members(words: Words, text: _Counts, weight: float) -> None:
    stems, _exact = _by_term(text)
    norm = _norm(sum(stems.values()), TEXT_MEAN)
    for term, count in stems.items():
        words[PostingField.MEMBERS.value, term] = _byte(weight * (K1 + 1) * count / (count + norm))


def _by_term(counts: _Counts) -> tuple[dict[str, int], dict[str, int]]:
    """Return counts by stem, and by the exact forms that differ from their stem."""
    stems: dict[str, int] = defaultdict(int)
    exact: dict[str, int] = {}
    for (form, stem), (count, _written) in counts.items():
        stems[stem] += count
        if form != stem:
            exact[form] = count
    return stems, exact


def _vocabulary_of(counts: _Counts) -> dict[str, str]:
    return {
        form: written.lower() for (form, _stem), (_count, written) in counts.items() if len(form) > 2 and form.isalpha()
    }


def facets_of(row: SearchDocument) -> list[str]:
    """Return the facet values of ``row``, each as "facet=value"."""
    found = [f"type={row.kind}"]
    for facet, values in (("theme", row.themes), ("territoire", row.territories), ("appel", row.calls)):
        found += [f"{facet}={value}" for value in values.split()]
    if row.date is not None:
        found.append(f"annee={row.date.year}")
    return found


def _norm(length: int, mean: float) -> float:
    return K1 * (1 - B + B * length / mean)


def _byte(score: float) -> int:
    """Return ``score`` in one byte; a word that is said is never 0."""
    return min(255, 1 + int(score * 254 / MOST))


def terms_of(keys: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    """Return ``keys`` by field."""
    found: dict[int, list[str]] = {}
    for field, term in keys:
        found.setdefault(field, []).append(term)
    return found
