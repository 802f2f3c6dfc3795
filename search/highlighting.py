"""The few lines of a document that answer the question, with its words marked.

Text is escaped piece by piece before the marks are put around words: nothing that a document
contains can become markup.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.analysis import Token, tokens

EXCERPT_LENGTH = 280
#: Words before the first one found, so that it is read in its sentence.
LEAD = 60
#: Beyond this no text is read for its excerpt: it would cost more than it tells.
SCANNED_LENGTH = 40_000


def mark(text: str, wanted: AbstractSet[str]) -> SafeString:
    """Return the whole of ``text``, escaped, with the words whose stem is ``wanted`` in <mark>."""
    return _render(text, [token for token in tokens(text) if token.stem in wanted], 0, len(text))


def excerpt(texts: Sequence[str], wanted: AbstractSet[str]) -> SafeString:
    """Return the passage of ``texts`` that says the most of ``wanted``; the earlier text wins a tie.

    Where none says any, the beginning of the first text that is not empty.
    """
    best_text, best_found, best_window, best_variety = next((text for text in texts if text), ""), [], (0, 0), 0
    for text in texts:
        found = [token for token in tokens(text[:SCANNED_LENGTH]) if token.stem in wanted]
        window, variety = _densest(found)
        if variety > best_variety:
            best_text, best_found, best_window, best_variety = text, found, window, variety
    return _passage(best_text, best_found, best_window)


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
