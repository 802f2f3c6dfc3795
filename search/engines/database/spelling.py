"""Words near the one typed, and words that begin like it, from the vocabulary of public text."""

from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

from search.models import VocabularyWord

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
#: Shorter words are acronyms as often as not: one letter makes another of them.
SHORTEST = 4
#: From so many letters on, two of them may be wrong.
LONG = 7


def nearest(word: str) -> VocabularyWord | None:
    """Return the likeliest word meant by ``word`` (folded), or None where none is near.

    One letter wrong, missing, too many or two exchanged; two of them in a long word that begins
    well. Of several, the one that most documents say.
    """
    if not is_correctable(word):
        return None
    found = list(VocabularyWord.objects.filter(pk__in=list(_one_away(word))).order_by())
    if not found and len(word) >= LONG:
        found = list(_two_away(word))
    return max(found, key=lambda one: (one.documents, one.word), default=None)


def is_correctable(word: str) -> bool:
    """Whether ``word`` may be a misspelt one."""
    return SHORTEST <= len(word) <= 30 and word.isascii() and word.isalpha()


def _one_away(word: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        if after:
            yield before + after[1:]
        if len(after) > 1 and after[0] != after[1]:
            yield before + after[1] + after[0] + after[2:]
        for letter in _LETTERS:
            if after and after[0] != letter:
                yield before + letter + after[1:]
            yield before + letter + after


def _two_away(word: str) -> Iterable[VocabularyWord]:
    known = VocabularyWord.objects.filter(beginning=word[:2]).order_by().values_list("word", flat=True)
    near = (other for other in known if abs(len(other) - len(word)) <= 2)
    found = [other for other in near if OSA.distance(word, other, score_cutoff=2) <= 2]
    return VocabularyWord.objects.filter(pk__in=found).order_by()


def beginning_with(prefix: str, limit: int) -> list[VocabularyWord]:
    """Return words that begin with ``prefix`` (folded, two letters or more), those of most documents first."""
    if len(prefix) < 2:
        return []
    found = VocabularyWord.objects.filter(beginning=prefix[:2], word__startswith=prefix)
    return list(found.order_by("-documents", "word")[:limit])
