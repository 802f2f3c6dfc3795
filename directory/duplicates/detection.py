"""Looking for organisations that are perhaps one and the same; a human always decides."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from django.db import transaction
from rapidfuzz import fuzz, process

from directory.duplicates.likeness import ALIKE, Likeness, Traits, all_traits, compare
from directory.enums import PairDecision
from directory.models import DuplicatePair

#: A telephone or SIRET that more organisations share belongs to none of them.
MOST_SHARING = 20


def look_alikes(traits: Sequence[Traits], *, among: Iterable[int] | None = None) -> list[Likeness]:
    """Return the pairs that look alike; those with a member in ``among`` alone where it is given.

    Organisations of one municipality are compared by name, those of one SIRET or telephone besides:
    never all with all.
    """
    wanted = set(among) if among is not None else None
    pairs = {pair for pair in _pairs(traits) if wanted is None or wanted.intersection(pair)}
    by_key = {one.pk: one for one in traits}
    found = (compare(by_key[first], by_key[second]) for first, second in sorted(pairs))
    return [likeness for likeness in found if likeness is not None]


def _pairs(traits: Sequence[Traits]) -> Iterator[tuple[int, int]]:
    seats: dict[int, list[Traits]] = defaultdict(list)
    shared: dict[str, list[Traits]] = defaultdict(list)
    for one in traits:
        if one.seat:
            seats[one.seat].append(one)
        for number in filter(None, (one.siret, one.phone)):
            shared[number].append(one)
    for group in seats.values():
        yield from _alike_by_name(group)
    for group in shared.values():
        if len(group) <= MOST_SHARING:
            yield from (_ordered(one, other) for one, other in combinations(group, 2))


def _alike_by_name(group: Sequence[Traits]) -> Iterator[tuple[int, int]]:
    names = [one.name for one in group]
    for number, one in enumerate(group[:-1], start=1):
        found = process.extract(one.name, names[number:], scorer=fuzz.WRatio, score_cutoff=ALIKE, limit=None)
        yield from (_ordered(one, group[number + row]) for _name, _score, row in found)


def _ordered(one: Traits, other: Traits) -> tuple[int, int]:
    return (one.pk, other.pk) if one.pk < other.pk else (other.pk, one.pk)


def find_duplicates() -> int:
    """Bring the queue of possible duplicates up to date; returns how many wait. Safe to run again.

    A pair on which somebody has decided stays as it was decided; one that looks alike no more leaves.
    """
    likenesses = look_alikes(all_traits())
    with transaction.atomic():
        known = {(pair.first_id, pair.second_id): pair for pair in DuplicatePair.objects.all()}
        new, changed = [], []
        for one in likenesses:
            pair = known.pop((one.first, one.second), None)
            if pair is None:
                fields = {"score": one.score, "reasons": list(one.reasons)}
                new.append(DuplicatePair(first_id=one.first, second_id=one.second, **fields))
            elif pair.decision == PairDecision.WAITING and (pair.score, pair.reasons) != (one.score, [*one.reasons]):
                pair.score, pair.reasons = one.score, list(one.reasons)
                changed.append(pair)
        gone = [pair.pk for pair in known.values() if pair.decision == PairDecision.WAITING]
        DuplicatePair.objects.bulk_create(new, batch_size=500)
        DuplicatePair.objects.bulk_update(changed, ["score", "reasons"], batch_size=500)
        for start in range(0, len(gone), 500):
            DuplicatePair.objects.filter(pk__in=gone[start : start + 500]).delete()
    return DuplicatePair.objects.undecided().count()
