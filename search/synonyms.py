"""Words that stand for each other: acronyms of the glossary, and groups that animators keep."""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import TypeAlias

from portal.core.remember import remembered
from portal.taxonomy.models import GlossaryEntry
from search.analysis import stems
from search.models import SynonymGroup

DEFAULTS = Path(__file__).parent / "data" / "synonyms.txt"
#: Two sequences of stems, each of which may replace the other.
Synonym: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]


@remembered("search")
def load_synonyms() -> list[Synonym]:
    """Return the pairs of the glossary and of the groups; two queries where they have changed."""
    rows = GlossaryEntry.objects.order_by().values_list("acronym", "expansion")
    pairs = [(stems(acronym), stems(expansion)) for acronym, expansion in rows]
    for group in SynonymGroup.objects.order_by("pk"):
        pairs += combinations([stems(expression) for expression in group.expressions], 2)
    return list(dict.fromkeys(pair for pair in pairs if all(pair) and pair[0] != pair[1]))


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


def load_default_groups() -> tuple[int, int]:
    """Give a portal without any group those that a new one starts with; return (added, already there).

    Once there are groups they are the animators': what these have taken out does not come back.
    """
    known = SynonymGroup.objects.count()
    if known:
        return 0, known
    lines = DEFAULTS.read_text(encoding="utf-8").splitlines()
    groups = [line.replace(" = ", "\n") for line in lines if line and not line.startswith("#")]
    SynonymGroup.objects.bulk_create(SynonymGroup(words=words) for words in groups)
    return len(groups), 0
