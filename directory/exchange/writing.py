"""Writing checked lines into the directory, in bulk: 20,000 at a time, all or nothing."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from directory.enums import LineOutcome
from directory.exchange.checking import CheckedRow
from directory.models import FormerName, Organisation
from portal.core.areas import invalidate
from portal.taxonomy.models import Territory, normalize_name
from search import api as search

BATCH = 500
LINKS = ("territories", "themes", "audiences", "networks")
#: Search takes this many documents at a time, so that nothing else waits long behind them.
INDEXED_AT_ONCE = 200
WRITTEN = (
    *("name", "acronym", "acronym_expansion", "kind_id", "siret", "legal_category", "description", "website"),
    *("phone", "phone_extension", "relay_email", "street", "postal_code", "seat_id"),
)


@transaction.atomic
def write_rows(checked: Sequence[CheckedRow]) -> list[int]:
    """Create and change what ``checked`` says; lines with errors are the caller's to leave out.

    A line that changes nothing is passed over; an empty cell leaves what is there. Returns the keys of
    the organisations that were written; the caller has them indexed once this is committed.
    """
    places = _places({row.fields["seat_id"] for row in checked if "seat_id" in row.fields})
    created = _create([row for row in checked if row.action == LineOutcome.CREATE], places)
    updated = _update([row for row in checked if row.action == LineOutcome.UPDATE], places)
    _link([*created, *updated])
    _name([*created, *updated])
    # Bulk writes send no signal.
    invalidate(["directory"])
    return [one.pk for one, _row in (*created, *updated)]


Written = tuple[Organisation, CheckedRow]


def _places(keys: set[int]) -> dict[int, Territory]:
    found: dict[int, Territory] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), BATCH):
        rows = Territory.objects.filter(pk__in=ordered[start : start + BATCH]).select_related("epci", "department")
        found |= {place.pk: place for place in rows}
    return found


def _fill(organisation: Organisation, row: CheckedRow, places: dict[int, Territory]) -> None:
    for name, value in row.fields.items():
        setattr(organisation, name, value)
    if "seat_id" in row.fields:
        organisation.seat = places[row.fields["seat_id"]]
        organisation.locate()


def _create(rows: Sequence[CheckedRow], places: dict[int, Territory]) -> list[Written]:
    taken = set(Organisation.objects.values_list("slug", flat=True)) if rows else set()
    made = []
    for row in rows:
        organisation = Organisation()
        _fill(organisation, row, places)
        organisation.slug = _free_slug(organisation.name, taken)
        names = [organisation.name, organisation.acronym, organisation.acronym_expansion, *row.former_names]
        organisation.search_text = normalize_name(" ".join(names))
        made.append(organisation)
    Organisation.objects.bulk_create(made, batch_size=BATCH)
    return list(zip(made, rows, strict=True))


def _free_slug(name: str, taken: set[str]) -> str:
    base = slugify(name)[:150] or "structure"
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    taken.add(slug)
    return slug


def _update(rows: Sequence[CheckedRow], places: dict[int, Territory]) -> list[Written]:
    done: list[Written] = []
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        known = Organisation.objects.prefetch_related("other_names").in_bulk([row.key for row in batch if row.key])
        for row in batch:
            organisation = known[row.key or 0]
            _fill(organisation, row, places)
            organisation.updated_at = timezone.now()
            others = [other.name for other in organisation.other_names.all()]
            names = [organisation.name, organisation.acronym, organisation.acronym_expansion, *others]
            organisation.search_text = normalize_name(" ".join([*names, *row.former_names]))
            done.append((organisation, row))
        fields = [name.removesuffix("_id") for name in WRITTEN]
        place = ["latitude", "longitude", "position"]
        Organisation.objects.bulk_update(known.values(), [*fields, *place, "search_text", "updated_at"], batch_size=100)
    return done


def _link(written: Sequence[Written]) -> None:
    """Replace the many-to-many links that the file names; those whose cell is empty stay."""
    for relation in LINKS:
        field: Any = Organisation._meta.get_field(relation)
        through, target = field.remote_field.through, f"{field.m2m_reverse_field_name()}_id"
        named = [(one.pk, row.links[relation]) for one, row in written if relation in row.links]
        replaced = [key for key, _targets in named]
        for start in range(0, len(replaced), BATCH):
            through.objects.filter(organisation_id__in=replaced[start : start + BATCH]).delete()
        links = [through(organisation_id=key, **{target: other}) for key, targets in named for other in targets]
        through.objects.bulk_create(links, batch_size=BATCH)


def _name(written: Sequence[Written]) -> None:
    rows = [
        FormerName(organisation_id=one.pk, name=name, kind=FormerName.Kind.FORMER)
        for one, row in written
        for name in row.former_names
    ]
    FormerName.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


def index_organisations(keys: Sequence[int]) -> None:
    """Have search describe what was written in bulk, some at a time; outside of a transaction."""
    for start in range(0, len(keys), INDEXED_AT_ONCE):
        with transaction.atomic():
            search.touch(*(Organisation(pk=key) for key in keys[start : start + INDEXED_AT_ONCE]))
