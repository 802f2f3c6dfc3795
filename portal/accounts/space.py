"""The entries of "My space": each app declares its own in ``space_entries.py``.

Every page under /mon-espace/ extends ``accounts/space.html``, which shows these entries beside it. An entry may
lead to a page elsewhere, such as a list of the forum's own, which stays among the forum's lists.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from portal.accounts.models import User
from portal.core.registry import Registry


def _everybody(user: User) -> bool:
    return True


@dataclass(frozen=True)
class SpaceEntry:
    """One entry: a named page without arguments, shown to whom ``is_shown`` says.

    ``description`` is the sentence of its card on the overview; an entry without one has no card.
    """

    url_name: str
    label: str | Promise
    order: int
    is_shown: Callable[[User], bool]
    description: str | Promise = ""

    @property
    def url(self) -> str:
        """Its address."""
        return reverse(self.url_name)


space_entries: Registry[SpaceEntry] = Registry("space entries")


def declare(
    url_name: str,
    label: str | Promise,
    *,
    order: int,
    is_shown: Callable[[User], bool] = _everybody,
    description: str | Promise = "",
) -> None:
    """Add an entry; ``order`` is its place (the overview is 0). Raises ValueError when it is declared twice."""
    space_entries.register(url_name, SpaceEntry(url_name, label, order, is_shown, description))


@dataclass(frozen=True)
class SpacePanel:
    """A part of the overview, above the cards; ``build`` returns its context, or None to show nothing."""

    template: str
    order: int
    build: Callable[[HttpRequest], dict[str, Any] | None]


space_panels: Registry[SpacePanel] = Registry("space panels")


def declare_panel(
    key: str, *, template: str, order: int, build: Callable[[HttpRequest], dict[str, Any] | None]
) -> None:
    """Add a part of the overview; its template reads what ``build`` returns as ``data``."""
    space_panels.register(key, SpacePanel(template, order, build))


def panels_for(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the parts of the overview that have something to show, in order."""
    panels = sorted(space_panels, key=lambda panel: panel.order)
    built = [(panel.template, panel.build(request)) for panel in panels]
    return [{"template": template, "data": data} for template, data in built if data is not None]


def entries_for(user: User) -> list[SpaceEntry]:
    """Return the entries that ``user`` sees, in order."""
    return sorted((entry for entry in space_entries if entry.is_shown(user)), key=lambda entry: entry.order)


def space_links(request: HttpRequest) -> list[dict[str, object]]:
    """Return the side navigation of ``request``'s page: the deepest entry that holds the page is current.

    Asked once a request: the trail and the navigation both show it, and entries may ask the database.
    """
    known: list[dict[str, object]] | None = getattr(request, "_space_links", None)
    if known is None:
        known = request._space_links = _space_links(request)  # type: ignore[attr-defined]
    return known


def _space_links(request: HttpRequest) -> list[dict[str, object]]:
    links = [{"label": entry.label, "url": entry.url} for entry in entries_for(request.user)]  # type: ignore[arg-type]
    holding = [str(link["url"]) for link in links if request.path.startswith(str(link["url"]))]
    here = max(holding, key=len, default="")
    return [{**link, "current": link["url"] == here} for link in links]
