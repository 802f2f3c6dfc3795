"""What the portal publishes for others to use: datasets that apps declare in ``open_data.py``."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from portal.core.registry import Registry


@dataclass(frozen=True)
class Column:
    """One column: its name in the files, its type (text, integer, decimal, date, url) and meaning."""

    name: str
    type: str
    description: str | Promise


@dataclass(frozen=True)
class Dataset:
    """A table of public facts.

    ``rows`` yields mappings from column names to values, as a visitor may see them: it holds no
    members-only field and nothing about a person.
    """

    key: str
    title: str | Promise
    description: str | Promise
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[Mapping[str, Any]]]


datasets: Registry[Dataset] = Registry("datasets")


def declare(dataset: Dataset) -> None:
    """Publish ``dataset``; raises ValueError when its key is taken."""
    datasets.register(dataset.key, dataset)
