"""Words that stand for each other: an acronym of the glossary and what it means."""

from collections.abc import Sequence
from typing import TypeAlias

from portal.taxonomy.models import GlossaryEntry
from search.analysis import stems

#: Two sequences of stems, each of which may replace the other.
Synonym: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]


def load_synonyms() -> list[Synonym]:
    """Return the pairs of the glossary; one query."""
    rows = GlossaryEntry.objects.order_by().values_list("acronym", "expansion")
    pairs = [(stems(acronym), stems(expansion)) for acronym, expansion in rows]
    return [pair for pair in pairs if all(pair) and pair[0] != pair[1]]


def alternatives_for(words: Sequence[str], synonyms: Sequence[Synonym]) -> list[list[tuple[str, ...]]]:
    """Return, for each of ``words`` (stems, in order), what may stand in its place.

    A word of a longer expression gets the expression's synonym: in « protection internationale
    des bénéficiaires » each word stays its own, and where the whole expression is written in
    order, each of its words is also found by the acronym.
    """
    found: list[list[tuple[str, ...]]] = [[] for _word in words]
    for pair in synonyms:
        for said, other in (pair, pair[::-1]):
            for start in range(len(words) - len(said) + 1):
                if tuple(words[start : start + len(said)]) == said:
                    for place in range(start, start + len(said)):
                        found[place].append(other)
    return found
