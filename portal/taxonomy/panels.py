"""What other apps show on the page of a theme or of a territory.

An app declares panels in its ``taxonomy_panels.py``. A panel returns what its template needs, or
None when it has nothing to show to this reader; it starts from its own ``visible_to(user)``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

from portal.core.registry import Registry
from portal.taxonomy.models import Territory, Theme

PanelData = Mapping[str, Any]


@dataclass(frozen=True)
class TaxonomyPanel:
    """One kind of content.

    ``of_theme`` and ``of_territory`` return the data of the panel, a mapping that its ``template``
    reads as ``data``, with the number of all it found as ``total``. ``theme_counts`` returns how
    many there are by id of theme, and ``count_label`` words such a number (« 3 projets »).
    ``areas`` are the page cache areas on which the panel depends (see ``portal.core.page_cache``).
    """

    key: str
    title: str | Promise
    order: int
    template: str
    of_theme: Callable[[HttpRequest, Theme], PanelData | None]
    of_territory: Callable[[HttpRequest, Territory], PanelData | None]
    theme_counts: Callable[[HttpRequest], Mapping[int, int]] | None = None
    count_label: Callable[[int], str] = str
    areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownPanel:
    """A panel that has something to show."""

    panel: TaxonomyPanel
    data: PanelData


PANELS: Registry[TaxonomyPanel] = Registry("taxonomy panels")


def register(panel: TaxonomyPanel) -> TaxonomyPanel:
    """Declare ``panel``; raises ValueError when its key is taken."""
    return PANELS.register(panel.key, panel)


def panels_in_order() -> list[TaxonomyPanel]:
    """Return the declared panels in the order in which pages show them."""
    return sorted(PANELS, key=lambda panel: (panel.order, panel.key))


def panels_of_theme(request: HttpRequest, theme: Theme) -> list[ShownPanel]:
    """Return what exists on ``theme`` for this reader."""
    found = [(panel, panel.of_theme(request, theme)) for panel in panels_in_order()]
    return [ShownPanel(panel, data) for panel, data in found if data is not None]


def panels_of_territory(request: HttpRequest, territory: Territory) -> list[ShownPanel]:
    """Return what exists in ``territory`` for this reader."""
    found = [(panel, panel.of_territory(request, territory)) for panel in panels_in_order()]
    return [ShownPanel(panel, data) for panel, data in found if data is not None]


def counts_by_theme(request: HttpRequest) -> dict[int, list[str]]:
    """Return, by id of theme, the worded numbers of what exists on it: « 3 projets », « 2 structures »."""
    worded: dict[int, list[str]] = {}
    for panel in panels_in_order():
        counts = panel.theme_counts(request) if panel.theme_counts else {}
        for theme_id, count in counts.items():
            if count:
                worded.setdefault(theme_id, []).append(panel.count_label(count))
    return worded


def panel_areas() -> set[str]:
    """Return the page cache areas on which pages with panels depend."""
    return {area for panel in PANELS for area in panel.areas}
