"""Writes on the taxonomy."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.taxonomy.models import Territory, normalize_name
from portal.taxonomy.territories import VINTAGE, TerritoryRow

Level = Territory.Level
#: Each level may name those before it.
LEVELS = (Level.COUNTRY, Level.REGION, Level.DEPARTMENT, Level.EPCI, Level.COMMUNE)
OFFICIAL_FIELDS = (
    "name",
    "normalized_name",
    "locative",
    "region",
    "department",
    "epci",
    "postal_codes",
    "population",
    "vintage",
    "obsolete_since",
)
BATCH = 2_000


@transaction.atomic
def load_territories(*, rows: Iterable[TerritoryRow]) -> dict[str, Counter[str]]:
    """Bring the territories to the state of ``rows``; return what happened, by level.

    Writes only what differs. A territory that its level's list no longer holds is marked obsolete,
    and one that comes back is so no more; none is deleted. Levels without any row are left alone.
    The counters hold ``added``, ``changed``, ``unchanged`` and ``obsolete``. Set-up code may call this.
    """
    by_level: dict[str, list[TerritoryRow]] = {level: [] for level in LEVELS}
    for row in rows:
        by_level[row.level].append(row)
    ids: dict[tuple[str, str], int] = {}
    report = {}
    for level in LEVELS:
        if by_level[level]:
            report[str(level)] = _load_level(level, by_level[level], ids)
        ids.update(((level, code), pk) for code, pk in Territory.objects.filter(level=level).values_list("code", "pk"))
    return report


def _load_level(level: str, rows: list[TerritoryRow], ids: dict[tuple[str, str], int]) -> Counter[str]:
    known = {territory.code: territory for territory in Territory.objects.filter(level=level)}
    written, added = [], 0
    for row in rows:
        values = _official_values(row, ids)
        territory = known.pop(row.code, None)
        added += territory is None
        if territory is None or any(getattr(territory, name) != value for name, value in values.items()):
            written.append(Territory(level=level, code=row.code, **values))
    Territory.objects.bulk_create(
        written, BATCH, update_conflicts=True, unique_fields=["level", "code"], update_fields=OFFICIAL_FIELDS
    )
    gone = [territory.pk for territory in known.values() if territory.obsolete_since is None]
    Territory.objects.filter(pk__in=gone).update(obsolete_since=timezone.localdate())
    return Counter(added=added, changed=len(written) - added, unchanged=len(rows) - len(written), obsolete=len(gone))


def _official_values(row: TerritoryRow, ids: dict[tuple[str, str], int]) -> dict[str, Any]:
    return {
        "name": row.name,
        "normalized_name": normalize_name(row.name),
        "locative": row.locative,
        "region_id": ids.get((Level.REGION, row.region)),
        "department_id": ids.get((Level.DEPARTMENT, row.department)),
        "epci_id": ids.get((Level.EPCI, row.epci)),
        "postal_codes": row.postal_codes,
        "population": row.population,
        "vintage": VINTAGE,
        "obsolete_since": None,
    }
