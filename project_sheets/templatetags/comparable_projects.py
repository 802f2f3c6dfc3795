"""What stands beside a sheet: projects like it."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.urls import reverse

from project_sheets.cards import SheetCard
from project_sheets.comparison.picks import pick_of, query_of
from project_sheets.comparison.similar import comparable_to
from project_sheets.selectors import SheetPresentation

register = template.Library()


@register.inclusion_tag("project_sheets/comparison/_comparable.html", takes_context=True)
def comparable_projects(context: template.Context, sheet: SheetPresentation) -> dict[str, Any]:
    """Show the projects nearest to ``sheet`` with the reasons, and the way to compare them."""
    entries = comparable_to(sheet.pk) if sheet.pk and sheet.live else ()
    picks = [pick_of(sheet.url), *(pick_of(entry.card.url) for entry in entries)]
    compare_url = f"{reverse('project_sheets:compare')}?{query_of(picks)}"
    return {"entries": entries, "compare_url": compare_url, "request": context.get("request")}


@register.simple_tag
def pick_for(card: SheetCard) -> str:
    """Return what names a card's sheet in a comparison."""
    return pick_of(card.url)


@register.filter
def contains(picks: Sequence[str], pick: str) -> bool:
    """Tell whether a sheet is among those picked."""
    return pick in picks
