"""What cites a thing: apps that stand side by side and may not import one another meet here.

A thing is named by the key under which it can be found ("sheet:12"). An app that cites things
declares a panel at start-up; the page of a thing shows them all with ``{% cited_in key %}``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from portal.core.page_cache import depend_on
from portal.core.registry import Registry


@dataclass(frozen=True)
class CitationPanel:
    """``find(request, key)`` returns what ``template`` reads as ``data``, or None where nothing cites the thing.

    ``areas`` are the page cache areas (see ``portal.core.page_cache``) on which it depends that something
    cites the thing at all; ``shown_areas`` those of what is then shown: a page that nothing cites is not
    made anew each time somebody writes elsewhere.
    """

    name: str
    template: str
    find: Callable[[HttpRequest, str], Mapping[str, Any] | None]
    areas: tuple[str, ...] = ()
    shown_areas: tuple[str, ...] = ()


citation_panels: Registry[CitationPanel] = Registry("citation panels")


def declare(panel: CitationPanel) -> None:
    """Add ``panel``; raises ValueError when its name is taken."""
    citation_panels.register(panel.name, panel)


def citations_of(request: HttpRequest, key: str) -> list[tuple[CitationPanel, Mapping[str, Any]]]:
    """Return the panels that cite the thing ``key`` for this reader; the page depends on what they show."""
    found = [(panel, panel.find(request, key)) for panel in citation_panels]
    shown = [(panel, data) for panel, data in found if data is not None]
    for panel, _data in shown:
        depend_on(request, *panel.shown_areas)
    return shown


def citation_areas() -> set[str]:
    """Return the page cache areas on which a page that shows citations depends."""
    return {area for panel in citation_panels for area in panel.areas}
