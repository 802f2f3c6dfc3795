"""Sheets side by side."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core.page_cache import cached_for_visitors
from project_sheets.comparison.picks import MOST, pick_of, picked_keys, query_of, without
from project_sheets.comparison.presentation import compare
from project_sheets.comparison.selectors import picked_sheets
from project_sheets.comparison.similar import comparable_to
from project_sheets.selectors import SheetPresentation

#: The parameter that hides what all sheets have in common.
DIFFERENCES = "differences"


@require_safe
@cached_for_visitors("sheets", "taxonomy", "directory")
def comparison(request: HttpRequest) -> HttpResponse:
    """Show up to four sheets side by side, at the depth that the reader may see."""
    asked = picked_keys(request.GET)
    sheets = picked_sheets(request.user, asked)
    picks = [pick_of(sheet.url) for sheet in sheets]
    only_differences = DIFFERENCES in request.GET
    context = {
        "columns": [_column(sheet, picks) for sheet in sheets],
        "groups": compare(sheets, only_differences=only_differences) if len(sheets) > 1 else [],
        "too_many": len(asked) > MOST,
        "missing": len(asked[:MOST]) - len(sheets),
        "is_members": bool(sheets) and sheets[0].members is not None,
        "more_url": f"{reverse('project_sheets:list')}?{query_of(picks)}" if picks else reverse("project_sheets:list"),
        "can_add": len(sheets) < MOST,
        "ways": _ways(picks, only_differences=only_differences),
        "suggestions": _suggestions(sheets, picks) if len(sheets) < MOST else [],
    }
    return render(request, "project_sheets/comparison/comparison.html", context)


def _address(picks: list[str]) -> str:
    return f"{reverse('project_sheets:compare')}?{query_of(picks)}" if picks else reverse("project_sheets:compare")


def _column(sheet: SheetPresentation, picks: list[str]) -> dict[str, Any]:
    return {"title": sheet.title, "url": sheet.url, "remove_url": _address(without(picks, pick_of(sheet.url)))}


def _ways(picks: list[str], *, only_differences: bool) -> list[dict[str, Any]]:
    address = _address(picks)
    return [
        {"label": _("Everything"), "url": address, "current": not only_differences},
        {"label": _("Differences only"), "url": f"{address}&{DIFFERENCES}=1", "current": only_differences},
    ]


def _suggestions(sheets: Sequence[SheetPresentation], picks: list[str]) -> list[dict[str, Any]]:
    """Return comparable projects to add, each once, nearest to the first sheet first."""
    found: dict[str, dict[str, Any]] = {}
    for sheet in sheets:
        for comparable in comparable_to(sheet.pk):
            pick = pick_of(comparable.card.url)
            if pick not in picks:
                entry = {"card": comparable.card, "reasons": comparable.reasons, "add_url": _address([*picks, pick])}
                found.setdefault(pick, entry)
    return list(found.values())[:3]
