"""Discovery of the declaration files by which an app tells the frame what it brings.

Apps lower in the house never import higher ones; a higher app declares instead, in a module of a
fixed name that is imported once at start-up, as Django's admin does with ``admin.py``.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

from django.utils.module_loading import autodiscover_modules

Declared = TypeVar("Declared")

#: Modules imported from every installed app, in the order of INSTALLED_APPS.
DECLARATION_MODULES = (
    "home_panels",
    "search_documents",
    "notification_kinds",
    "privacy",
    "open_data",
    "page_cache_rules",
    "reference_data",
    "taxonomy_panels",
    "directory_panels",
    "citation_panels",
    "circles",
    "space_entries",
    "animation_entries",
    "dashboard_panels",
    "moderation_targets",
    "ways",
    "first_steps",
    "announcement_audiences",
    "mails",
    "scheduled_jobs",
    "worker_loops",
)


class Registry(Generic[Declared]):
    """An ordered set of declarations with unique keys."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._entries: dict[str, Declared] = {}

    def register(self, key: str, declared: Declared) -> Declared:
        """Add ``declared`` under ``key``; raises ValueError when the key is taken."""
        if key in self._entries:
            raise ValueError(f"{self.name}: {key!r} is declared twice")
        self._entries[key] = declared
        return declared

    def get(self, key: str) -> Declared:
        """Return the declaration of ``key``; raises KeyError if there is none."""
        return self._entries[key]

    def __iter__(self) -> Iterator[Declared]:
        return iter(self._entries.values())

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def items(self) -> list[tuple[str, Declared]]:
        """Return (key, declaration) pairs in the order of registration."""
        return list(self._entries.items())


def discover() -> None:
    """Import every declaration module; called once, when all apps are ready."""
    for module in DECLARATION_MODULES:
        autodiscover_modules(module)
