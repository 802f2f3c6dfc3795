"""How much two organisations look alike, and why.

Thresholds come from 20,000 generated organisations with 3,285 true pairs: names alike by 86 of 100
within one municipality, or one SIRET or telephone, with a veto on two different SIRETs, find 90 %
of the pairs, and 99 % of what they find is one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from rapidfuzz import fuzz, process

from directory.index import directory_index
from directory.models import Organisation
from portal.taxonomy.models import Territory, normalize_name

#: Of 100, by rapidfuzz's WRatio on names without accents or case.
ALIKE = 86
#: Without a municipality in common, names must be nearly the same.
NEARLY_SAME = 93
#: One telephone for names that share nothing is a switchboard.
BARELY_ALIKE = 60
SHORTEST = 3
SHOWN = 5


@dataclass(frozen=True)
class Candidate:
    """An organisation of the directory that a typed name resembles; ``score`` from 0 to 100."""

    organisation: Organisation
    score: int


def similar_to(
    name: str, *, seat: Territory | None = None, besides: Organisation | None = None, limit: int = SHOWN
) -> list[Candidate]:
    """Return the listed organisations that ``name`` resembles, the likeliest first; one query.

    With a ``seat``, those of another municipality need nearly the same name.
    """
    wanted = normalize_name(name)
    if len(wanted) < SHORTEST:
        return []
    index = directory_index()
    scores: dict[int, int] = {}
    found = process.extract(wanted, index.names, scorer=fuzz.WRatio, score_cutoff=ALIKE, limit=50)
    for _name, score, row in found:
        position = index.named[row]
        elsewhere = seat is not None and index.seats[position] not in {seat.pk, None}
        if score >= (NEARLY_SAME if elsewhere else ALIKE):
            key = index.ids[position]
            scores[key] = max(scores.get(key, 0), round(score))
    scores.pop(besides.pk if besides else 0, None)
    best = sorted(scores, key=lambda key: (-scores[key], key))[:limit]
    shown = Organisation.objects.listed().filter(pk__in=best).select_related("kind", "seat")
    by_key = {one.pk: one for one in shown}
    return [Candidate(by_key[key], scores[key]) for key in best if key in by_key]


@dataclass(frozen=True)
class Traits:
    """What two organisations are compared by."""

    pk: int
    name: str
    siret: str
    phone: str
    seat: int | None
    parent: int | None


@dataclass(frozen=True)
class Likeness:
    """That two organisations look alike: how much, from 0 to 100, and by which reasons."""

    first: int
    second: int
    score: int
    reasons: tuple[str, ...]


def compare(one: Traits, other: Traits) -> Likeness | None:
    """Return how two organisations look alike, or None where they do not.

    Two different SIRETs are two organisations. A branch is no duplicate of its head office, nor of
    another branch of it.
    """
    if one.siret and other.siret and one.siret != other.siret:
        return None
    if one.parent == other.pk or other.parent == one.pk or (one.parent and one.parent == other.parent):
        return None
    names = round(fuzz.WRatio(one.name, other.name))
    reasons = []
    if one.siret and one.siret == other.siret:
        reasons.append("siret")
    if one.phone and one.phone == other.phone and names >= BARELY_ALIKE:
        reasons.append("phone")
    if one.seat and one.seat == other.seat and names >= ALIKE:
        reasons.append("name")
    if not reasons:
        return None
    first, second = sorted((one.pk, other.pk))
    score = max(names, 95 if "siret" in reasons else 0, 88 if "phone" in reasons else 0)
    return Likeness(first, second, score, tuple(reasons))


def all_traits(keys: Iterable[int] | None = None) -> list[Traits]:
    """Return what all organisations are compared by; those of ``keys`` alone where they are given."""
    rows = Organisation.objects.filter(Q(merged_into=None)).order_by("pk")
    if keys is not None:
        rows = rows.filter(pk__in=list(keys))
    fields: tuple[Any, ...] = ("pk", "name", "siret", "phone", "seat_id", "parent_id")
    return [
        Traits(pk, normalize_name(name), siret or "", phone, seat, parent)
        for pk, name, siret, phone, seat, parent in rows.values_list(*fields)
    ]
