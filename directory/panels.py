"""What other apps show on the page of an organisation.

An app declares panels in its ``directory_panels.py``. A panel returns what its template needs, or
None when it has nothing to show to this reader; it starts from its own ``visible_to(user)``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

from directory.models import Organisation
from portal.core.page_cache import depend_on
from portal.core.registry import Registry

PanelData = Mapping[str, Any]


@dataclass(frozen=True)
class OrganisationPanel:
    """One section; ``template`` reads what ``context`` returns as ``data``, and ``organisation``.

    ``areas`` are the page cache areas (see ``portal.core.page_cache``) on which it depends that the panel
    has anything to show; ``shown_areas`` those of what is then shown: a page where it shows nothing is not
    made anew each time somebody writes elsewhere.
    """

    key: str
    title: str | Promise
    order: int
    context: Callable[[HttpRequest, Organisation], PanelData | None]
    template: str
    areas: tuple[str, ...] = ()
    shown_areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownPanel:
    """A panel that has something to show."""

    panel: OrganisationPanel
    data: PanelData


PANELS: Registry[OrganisationPanel] = Registry("organisation panels")


def register(panel: OrganisationPanel) -> OrganisationPanel:
    """Declare ``panel``; raises ValueError when its key is taken."""
    return PANELS.register(panel.key, panel)


def panels_of_organisation(request: HttpRequest, organisation: Organisation) -> list[ShownPanel]:
    """Return what the other apps know of ``organisation`` for this reader, in order; the page depends on it."""
    panels = sorted(PANELS, key=lambda panel: (panel.order, panel.key))
    found = [(panel, panel.context(request, organisation)) for panel in panels]
    shown = [ShownPanel(panel, data) for panel, data in found if data is not None]
    for one in shown:
        depend_on(request, *one.panel.shown_areas)
    return shown


def panel_areas() -> set[str]:
    """Return the page cache areas on which an organisation's page depends."""
    return {area for panel in PANELS for area in panel.areas}
