"""The few lines of a document that answer the question, with its words marked.

Text is escaped piece by piece before the marks are put around words: nothing that a document
contains can become markup.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.analysis import Token, tokens

EXCERPT_LENGTH = 280
#: Words before the first one found, so that it is read in its sentence.
LEAD = 60
#: Beyond this no text is read for its excerpt: it would cost more than it tells.
SCANNED_LENGTH = 40_000
#: Letters without their accents, one for one, so that places stay where they are.
_PLAIN = str.maketrans(
    "àâäáãåçéèêëíìîïñóòôöõúùûüýÿÀÂÄÁÃÅÇÉÈÊËÍÌÎÏÑÓÒÔÖÕÚÙÛÜÝ", "aaaaaaceeeeiiiinooooouuuuyyAAAAAACEEEEIIIINOOOOOUUUUY"
)


def mark(text: str, wanted: AbstractSet[str]) -> SafeString:
    """Return the whole of ``text``, escaped, with the words whose stem is ``wanted`` in <mark>."""
    return _render(text, found_in(text, wanted), 0, len(text))


def excerpt(texts: Sequence[str], wanted: AbstractSet[str]) -> SafeString:
    """Return the passage of ``texts`` that says the most of ``wanted``; the earlier text wins a tie.

    Where none says any, the beginning of the first text that is not empty.
    """
    best_text, best_found, best_window, best_variety = next((text for text in texts if text), ""), [], (0, 0), 0
    for text in texts:
        found = found_in(text[:SCANNED_LENGTH], wanted)
        window, variety = _densest(found)
        if variety > best_variety:
            best_text, best_found, best_window, best_variety = text, found, window, variety
    return _passage(best_text, best_found, best_window)


def found_in(text: str, wanted: AbstractSet[str]) -> list[Token]:
    """Return the words of ``text`` whose stem is ``wanted``.

    Words are looked for by their first letters in a text without accents, and only those that
    begin so are analysed: one in twenty.
    """
    beginnings = {_beginning(stem) for stem in wanted}
    if not beginnings:
        return []
    plain = text.translate(_PLAIN)
    found = []
    for match in _looked_for(frozenset(beginnings)).finditer(plain):
        # The analyzer has the last word: it knows articles, ligatures and stems.
        start, end = match.start(), match.end()
        found += [
            replace(token, start=token.start + start, end=token.end + start)
            for token in tokens(text[start:end])
            if token.stem in wanted
        ]
    return found


def _beginning(stem: str) -> str:
    """Return how every word of this stem begins: « travail » is that of « travaux » too."""
    return stem[:4] if len(stem) > 4 else stem[:3]


@lru_cache(maxsize=256)
def _looked_for(beginnings: frozenset[str]) -> re.Pattern[str]:
    options = "|".join(re.escape(beginning) for beginning in sorted(beginnings))
    return re.compile(rf"(?<![^\W_])(?:{options})(?:[^\W_]|[\u0300-\u036f])*", re.IGNORECASE)


def _densest(found: Sequence[Token]) -> tuple[tuple[int, int], int]:
    """Return where the window with the most different words begins and ends, and how many it has."""
    best_window, best_variety = (0, 0), 0
    first = 0
    for last, token in enumerate(found):
        while first < last and token.end - found[first].start > EXCERPT_LENGTH - LEAD:
            first += 1
        variety = len({one.stem for one in found[first : last + 1]})
        if variety > best_variety:
            best_window, best_variety = (found[first].start, token.end), variety
    return best_window, best_variety


def _passage(text: str, found: Sequence[Token], window: tuple[int, int]) -> SafeString:
    """Return the lines around ``window``; from the very beginning where that holds it."""
    start = 0
    if window[1] > EXCERPT_LENGTH:
        start = max(0, window[0] - LEAD)
        start = text.find(" ", start, window[0]) + 1 or start
    end = min(len(text), start + EXCERPT_LENGTH)
    if end < len(text):
        end = max(text.rfind(" ", start + EXCERPT_LENGTH // 2, end), start + EXCERPT_LENGTH // 2)
    inside = [token for token in found if token.start >= start and token.end <= end]
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return mark_safe(f"{before}{_render(text, inside, start, end)}{after}")  # noqa: S308 -- escaped by _render


def _render(text: str, found: Sequence[Token], start: int, end: int) -> SafeString:
    pieces, place = [], start
    for token in found:
        pieces += [escape(text[place : token.start]), "<mark>", escape(text[token.start : token.end]), "</mark>"]
        place = token.end
    pieces.append(escape(text[place:end]))
    return mark_safe("".join(pieces))  # noqa: S308 -- every piece is escaped above
