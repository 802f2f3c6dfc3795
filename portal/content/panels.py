"""What apps show on the home page.

An app declares panels in its ``home_panels.py``::

    register(HomePanel(key="calls", title=_("…"), order=20, template="…", context=calls_panel, areas=("sheets",)))

``context(request)`` returns what the template reads as ``data``, or None where there is nothing to
show to this reader; it starts from its own ``visible_to(user)`` and costs few queries. The template
gets ``panel`` and ``data`` and draws its own section with components.

Where ``context`` hands the same remembered object to all who are shown the same, ``is_shared`` says
so: its drawing is kept as well, and reads nothing but ``panel`` and ``data``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

from portal.accounts.rules import is_member
from portal.core.registry import Registry

PanelData = Mapping[str, Any]


class PanelAudience(Enum):
    """On whose home a panel stands."""

    VISITOR = "visitor"
    MEMBER = "member"
    BOTH = "both"


@dataclass(frozen=True)
class HomePanel:
    """One part of the home page; panels stand by ``order``.

    ``areas`` are the page cache areas on which the panel depends (see ``portal.core.page_cache``).
    """

    key: str
    title: str | Promise
    order: int
    template: str
    context: Callable[[HttpRequest], PanelData | None]
    audience: PanelAudience = PanelAudience.BOTH
    areas: tuple[str, ...] = ()
    is_shared: bool = False


@dataclass(frozen=True)
class ShownPanel:
    """A panel that has something to show."""

    panel: HomePanel
    data: PanelData


PANELS: Registry[HomePanel] = Registry("home panels")


def register(panel: HomePanel) -> HomePanel:
    """Declare ``panel``; raises ValueError when its key is taken."""
    return PANELS.register(panel.key, panel)


def shown_panels(request: HttpRequest) -> list[ShownPanel]:
    """Return what the panels of this reader's home have to show, in their order."""
    own = PanelAudience.MEMBER if is_member(request.user) else PanelAudience.VISITOR
    meant = [panel for panel in PANELS if panel.audience in {own, PanelAudience.BOTH}]
    found = [(panel, panel.context(request)) for panel in sorted(meant, key=lambda panel: (panel.order, panel.key))]
    return [ShownPanel(panel, data) for panel, data in found if data is not None]


def panel_areas() -> set[str]:
    """Return the page cache areas on which the home page depends."""
    return {area for panel in PANELS for area in panel.areas}
