"""Who may read what, app by app.

A module of this package holds what one app brings to the tests of rights, each part optional:

- ``ROUTES``: route of the URL resolver → the Row that says what each role gets with GET;
- ``PAGES``: the same for other addresses that show a rule, by a name;
- ``build(world)``: what stands in the world under test (``world.things``);
- ``SECRETS``: name → what is planted in a members-only field, and ``KEPT_FROM_MEMBERS`` likewise;
- ``NEVER_TOLD``: names of the secrets that an ordinary member does not meet either;
- ``ENTRANCES``: addresses where the crawl of the leak test begins besides.
"""

import pkgutil
from importlib import import_module
from types import ModuleType
from typing import Any


def parts() -> list[ModuleType]:
    """Return the modules of this package, in alphabetical order."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name != "table")
    return [import_module(f"{__name__}.{name}") for name in names]


def merged(name: str) -> dict[str, Any]:
    """Return the union of the mappings ``name`` of every part; a key that two parts have is an error."""
    found: dict[str, Any] = {}
    for part in parts():
        added = getattr(part, name, {})
        assert not found.keys() & added.keys(), f"{part.__name__}.{name}: {sorted(found.keys() & added.keys())}"
        found |= added
    return found


def joined(name: str) -> list[str]:
    """Return the union of the lists ``name`` of every part."""
    return [entry for part in parts() for entry in getattr(part, name, ())]
