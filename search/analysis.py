"""The one analyzer of French text: the same words on every database.

A word is folded (case, accents, ligatures), elided articles fall away, and it is indexed under its
light stem with its exact form beside it: « réfugiées » finds « réfugié », and a text that says
« réfugiées » itself still ranks first.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import strip_tags

from portal.core.markdown import render_markdown

#: Part of a document's digest: documents are written anew after a change of the rules below.
ANALYZER_VERSION = 2
WORD_LENGTH = 40


_APOSTROPHES = "'’`´"
#: A word, and the elided article before it, which falls away.
_WORD = re.compile(
    rf"(?:(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu)[{_APOSTROPHES}])?([^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*)",
    re.IGNORECASE,
)
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_BLOCK_TAGS = re.compile(r"<(?=/?(?:p|br|li|h\d|td|th|tr|div|section|blockquote|figure|hr)\b)", re.IGNORECASE)
#: An apostrophe that counts as a letter: it would glue an article to its noun.
_LETTER_APOSTROPHE = "\u02bc"
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l"})
#: Words without a subject of their own; folded. « sans » is not one: « sans papiers ».
STOP_WORDS = frozenset(
    "a au aux avec ce ces cet cette comment dans de des du elle elles en est et eux il ils je la le les leur leurs lui "
    "ma mais me mes moi mon ne nos notre nous on ont ou par pas pour qu que quel quelle quelles quels qui sa se ses si "
    "son sont sur ta te tes toi ton tu un une vos votre vous y".split()
)
_IRREGULAR = {"travaux": "travail"}
_FEMININE = (("euse", "eur"), ("trice", "teur"), ("ive", "if"))


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: its place (signs from the start), its folded form and its stem."""

    start: int
    end: int
    exact: str
    stem: str


def clean_text(text: str) -> str:
    """Return ``text`` composed (NFC), with control and invisible signs turned into spaces.

    PostgreSQL refuses NUL in a text; the others would hide in a word and keep it from being found.
    """
    return unicodedata.normalize("NFC", _CONTROLS.sub(" ", text).replace(_LETTER_APOSTROPHE, "’"))


def text_of_html(markup: str) -> str:
    """Return the words of ``markup``; blocks stay apart, so that no two words run together."""
    return " ".join(html.unescape(strip_tags(_BLOCK_TAGS.sub(" <", markup))).split())


def text_of_markdown(text: str) -> str:
    """Return the words of a Markdown text, without its signs of layout."""
    return text_of_html(render_markdown(text)) if text else ""


def fold(word: str) -> str:
    """Return ``word`` without case, accents or ligatures."""
    decomposed = unicodedata.normalize("NFKD", word.casefold().translate(_LIGATURES))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def stem(word: str) -> str:
    """Return the light stem of a folded French word: number, gender, past participle, infinitive.

    Only inflection is taken away, never a derivation: « département » must not become « départ ».
    Words of three letters are left alone, since acronyms are among them.
    """
    if len(word) < 4 or not word.isalpha():
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    word = _singular(word)
    for feminine, masculine in _FEMININE:
        if word.endswith(feminine) and len(word) > len(feminine) + 2:
            return word[: -len(feminine)] + masculine
    word = _without(word, "e")
    word = _without(word, "s")
    if word.endswith("er") and len(word) >= 5:
        word = word[:-2]
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    return word


def _singular(word: str) -> str:
    if word.endswith("eaux"):
        return word[:-1]
    if word.endswith("aux") and len(word) > 4:
        return f"{word[:-3]}al"
    # « nombreux » as « nombreuse »; « milieux » is but a plural.
    if word.endswith("eux") and len(word) > 6 and not word.endswith("lieux"):
        return f"{word[:-1]}r"
    return word[:-1] if word[-1] in "sx" else word


def _without(word: str, ending: str) -> str:
    """Drop repeated final ``ending``, keeping three letters."""
    while len(word) > 3 and word.endswith(ending):
        word = word[:-1]
    return word


@lru_cache(maxsize=65_536)
def _forms(word: str) -> tuple[str, str] | None:
    """Return (exact, stem) of a word as written, or None for a stop word."""
    folded = fold(word)[:WORD_LENGTH]
    if not folded or folded in STOP_WORDS:
        return None
    return folded, stem(folded)


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of ``text`` that can be searched, in order, with their places."""
    for match in _WORD.finditer(text):
        forms = _forms(match[1])
        if forms is not None:
            yield Token(*match.span(1), *forms)


def count_words(text: str) -> dict[tuple[str, str], tuple[int, str]]:
    """Return the words of ``text`` by (exact, stem): how often each is said, and one way it is written.

    What ``tokens`` yields, counted; ten times as fast, since each way of writing is looked at once.
    """
    found: dict[tuple[str, str], tuple[int, str]] = {}
    for word, count in Counter(_WORD.findall(text)).items():
        forms = _forms(word)
        if forms is not None:
            before, written = found.get(forms, (0, word))
            found[forms] = before + count, written
    return found


def stems(text: str) -> tuple[str, ...]:
    """Return the stems of ``text``, in order."""
    return tuple(token.stem for token in tokens(clean_text(text)))
