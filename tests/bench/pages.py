"""What an app declares in ``tests/bench/apps/<app>.py``, and the discovery of these modules.

Such a module holds ``PAGES``, a list of BenchPage; it may hold ``generate(scale, seed)``, which
brings the app's data up to the size of a portal with ``scale`` project sheets, and ``AFTER``, the
names of the modules whose data it builds on. They are imported where Django is set up.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from types import ModuleType

VISITOR, MEMBER, ADMINISTRATOR = "visitor", "member", "administrator"


@dataclass(frozen=True)
class BenchPage:
    """One page to measure.

    ``path`` is an address, or a function that finds one in the generated data. ``target_ms`` is
    the most CPU time that the page may cost when it is rendered; from the page cache it may then
    cost twice the yardstick.
    """

    name: str
    path: str | Callable[[], str]
    roles: tuple[str, ...] = (VISITOR, MEMBER)
    target_ms: float | None = None

    def address(self) -> str:
        """Return the page's address."""
        return self.path() if callable(self.path) else self.path


def in_order(modules: dict[str, ModuleType]) -> list[ModuleType]:
    """Return the modules, each after those it builds on; raises on an unknown name or a circle."""
    graph = {name: set(getattr(module, "AFTER", ())) for name, module in modules.items()}
    unknown = set().union(*graph.values()) - set(graph)
    if unknown:
        raise ValueError(f"AFTER names no module of tests/bench/apps: {', '.join(sorted(unknown))}")
    return [modules[name] for name in TopologicalSorter(graph).static_order()]


def app_modules() -> list[ModuleType]:
    """Import and return what the apps declare, in the order in which their data are made."""
    folder = importlib.import_module("tests.bench.apps")
    names = sorted(found.name for found in pkgutil.iter_modules(folder.__path__) if not found.name.startswith("_"))
    return in_order({name: importlib.import_module(f"{folder.__name__}.{name}") for name in names})


def all_pages(modules: list[ModuleType]) -> list[BenchPage]:
    """Return the pages of all modules; raises ValueError where two have one name."""
    pages = [page for module in modules for page in module.PAGES]
    names = [page.name for page in pages]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"two pages are called {', '.join(sorted(twice))}")
    return pages
