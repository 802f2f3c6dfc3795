"""What a typed question asks: its words, each with what may stand in its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from search.analysis import Token, clean_text, stem, tokens
from search.synonyms import Synonym, alternatives_for

#: Words of a question beyond these change nothing but the time it takes.
MAX_CONCEPTS = 24


@dataclass(frozen=True, slots=True)
class Concept:
    """A word of the question: its stem, its exact form, what may stand in its place.

    ``completions`` are stems that begin like the word, while it is still being typed.
    """

    stem: str
    exact: str
    synonyms: tuple[tuple[str, ...], ...] = ()
    completions: tuple[str, ...] = ()

    @property
    def stems(self) -> set[str]:
        """Every stem that this concept reads."""
        return {self.stem, *self.completions}.union(*self.synonyms)

    @property
    def is_number(self) -> bool:
        """Whether it is a number, which says little by itself: a year, an article, an amount."""
        return self.stem.isdigit()


def words_of(text: str) -> list[Token]:
    """Return the words of a question, in order."""
    return list(tokens(clean_text(text)))[:MAX_CONCEPTS]


def concepts_of(words: Sequence[Token], synonyms: Sequence[Synonym]) -> list[Concept]:
    """Return the concepts of ``words``, each once, in order."""
    others = alternatives_for([word.stem for word in words], synonyms)
    concepts = {
        word.stem: Concept(word.stem, word.exact, tuple(dict.fromkeys(replacements)))
        for word, replacements in zip(words, others, strict=True)
    }
    return list(concepts.values())


def corrected_words(words: Sequence[Token], corrections: Mapping[str, str]) -> list[Token]:
    """Return ``words`` with ``corrections``, by exact form, in their place."""
    return [
        replace(word, exact=corrections[word.exact], stem=stem(corrections[word.exact]))
        if word.exact in corrections
        else word
        for word in words
    ]


def corrected_text(text: str, corrections: Mapping[str, str]) -> str:
    """Return ``text`` as typed, with the words of ``corrections`` (exact form → as written) replaced."""
    cleaned = clean_text(text)
    pieces, place = [], 0
    for word in words_of(cleaned):
        if word.exact in corrections:
            pieces += [cleaned[place : word.start], corrections[word.exact]]
            place = word.end
    return "".join([*pieces, cleaned[place:]])
