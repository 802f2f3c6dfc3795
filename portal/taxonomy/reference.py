"""Reference data: what every portal starts with, each app declaring its own part.

An app declares loaders in its ``reference_data.py``; ``manage.py load_reference`` runs them all.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models
from django.utils.functional import Promise

from portal.core.registry import Registry

Say = Callable[[str], None]


@dataclass(frozen=True)
class LoadContext:
    """What a loader needs to know: where the official lists lie, and where to tell its progress."""

    say: Say
    source: Path | None = None


@dataclass(frozen=True)
class ReferenceLoader:
    """One part of the reference data; ``load`` may run again and again and changes nothing twice.

    Loaders run by ``order``; the territories, which others may name, are 10.
    """

    title: str | Promise
    order: int
    load: Callable[[LoadContext], None]


LOADERS: Registry[ReferenceLoader] = Registry("reference loaders")


def loaders_in_order() -> list[ReferenceLoader]:
    """Return the declared loaders in the order in which they run."""
    return sorted(LOADERS, key=lambda loader: loader.order)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of one of our CSV files as mappings."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def add_missing(model: type[models.Model], rows: list[dict[str, Any]]) -> tuple[int, int]:
    """Add the rows that are not there yet; return (added, already there).

    A row is there when any of its unique values is: an administrator may have rewritten the rest,
    which stays as it is.
    """
    unique = [field.attname for field in model._meta.concrete_fields if field.unique and not field.primary_key]
    known = {name: set(model._default_manager.values_list(name, flat=True)) for name in unique}
    missing = [model(**row) for row in rows if not any(row[name] in known[name] for name in unique if name in row)]
    for row in missing:
        row.full_clean(validate_unique=False, validate_constraints=False)
    model._default_manager.bulk_create(missing)
    return len(missing), len(rows) - len(missing)
