"""Projects comparable to one another, across calls and regions, with the reasons why.

Sheets that share a word with this one are weighed by sets (see ``facet_index``): a sheet's weight is
the sum of what it shares. Each set is an integer, one bit a sheet, and the sums of all sheets are
kept together, one integer for each binary digit: a few operations whatever the number of sheets.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.core.remember import remembered
from portal.taxonomy.models import Territory
from project_sheets.cards import SheetCard, cards_of
from project_sheets.comparison.picks import pick_of
from project_sheets.facet_index import FacetIndex, SheetSet, facet_index

SHOWN = 3
#: What sharing a word weighs; a word of most sheets says little, and weighs half.
WEIGHTS = {"theme": 4, "public": 2}
PLACE_WEIGHT = 2
COMMON = 0.6
#: A sheet that shares not even a common theme is not comparable.
LEAST = 2


@dataclass(frozen=True)
class Comparable:
    """A comparable project and what it shares, in words."""

    card: SheetCard
    reasons: Sequence[str]


@dataclass(frozen=True)
class _Shared:
    facet: str
    label: str
    sheets: SheetSet
    weight: int


@remembered("sheets", "directory", "taxonomy")
def comparable_to(sheet_id: int) -> Sequence[Comparable]:
    """Return the published projects nearest to this one, nearest first; the same for every reader."""
    index = facet_index()
    own = index.bit_of(sheet_id)
    if not own:
        return ()
    shared = list(_shared_words(index, own))
    nearest = _nearest([(word.sheets & ~own, word.weight) for word in shared], index)
    if not nearest:
        return ()
    mine, *cards = cards_of([sheet_id, *nearest])
    return [
        Comparable(card, list(_reasons(index.bit_of(key), shared, mine, card)))
        for key, card in zip(nearest, cards, strict=True)
    ]


def _shared_words(index: FacetIndex, own: SheetSet) -> Iterator[_Shared]:
    everybody = max(len(index.ids), 1)
    for facet, weight in WEIGHTS.items():
        for (_value, label), sheets in index.choices[facet].items():
            if sheets & own:
                is_common = sheets.bit_count() > COMMON * everybody
                yield _Shared(facet, label, sheets & index.published, weight // 2 if is_common else weight)
    for place in index.places:
        if place.level == Territory.Level.DEPARTMENT:
            here = index.reach.in_department.get(place.pk, 0)
            if here & own:
                yield _Shared("place", place.name, here & index.published, PLACE_WEIGHT)


def _nearest(sets: Iterable[tuple[SheetSet, int]], index: FacetIndex) -> list[int]:
    """Return the keys of the heaviest sheets; among equals, the most recent first."""
    digits = _added(sets)
    heaviest: list[int] = []
    for weight in range((1 << len(digits)) - 1, LEAST - 1, -1):
        found = _weighing(digits, weight)
        if found:
            heaviest += index.in_order(found, "recents")[:SHOWN]
        if len(heaviest) >= SHOWN:
            break
    return heaviest[:SHOWN]


def _added(sets: Iterable[tuple[SheetSet, int]]) -> list[SheetSet]:
    """Return the sum of weights of every sheet at once: the sheets whose sum has each binary digit."""
    digits: list[SheetSet] = []
    for sheets, weight in sets:
        place = 0
        while weight >> place:
            if weight >> place & 1:
                carry, at = sheets, place
                while carry:
                    digits += [0] * (at + 1 - len(digits))
                    digits[at], carry = digits[at] ^ carry, digits[at] & carry
                    at += 1
            place += 1
    return digits


def _weighing(digits: Sequence[SheetSet], weight: int) -> SheetSet:
    """Return the sheets whose sum is exactly ``weight``, above 0."""
    found = -1
    for place, sheets in enumerate(digits):
        found &= sheets if weight >> place & 1 else ~sheets
    return found


def _reasons(other: SheetSet, shared: Iterable[_Shared], mine: SheetCard, card: SheetCard) -> Iterator[str]:
    words: dict[str, list[str]] = {}
    for word in shared:
        if word.sheets & other:
            words.setdefault(word.facet, []).append(word.label)
    for facet, sentence in (
        ("theme", _("Same themes: %(words)s")),
        ("public", _("Same audience: %(words)s")),
        ("place", _("Same département: %(words)s")),
    ):
        if words.get(facet):
            yield sentence % {"words": ", ".join(words[facet][:3])}
    if card.call and mine.call and card.call.pk != mine.call.pk:
        yield _("Another call: %(call)s") % {"call": card.call.short_title or card.call.title}
    if pick_of(card.url).split(".")[0] != pick_of(mine.url).split(".")[0]:
        yield _("Another region")
