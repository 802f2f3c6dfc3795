"""What the page of a sheet shows alike to all who read it at one depth, drawn once for them.

Most of the time that a member waited for a sheet went into drawing what the member before them was
shown as well. What goes by the reader (who may edit, who follows, who the leads are to them) is the
page's own.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from project_sheets.charts import financing_segments, measure_bars
from project_sheets.presentation import (
    financing_rows,
    financing_stats,
    has_figures,
    header_badges,
    header_kicker,
    measure_sentence,
    partner_groups,
    public_facts,
    team_lines,
    theme_tags,
)
from project_sheets.selectors import MembersPart, SheetPresentation


@dataclass(frozen=True)
class SheetDrawing:
    """The header's words, and three parts of the page: the facts and the end of its side column, its body."""

    kicker: str
    badges: list[dict[str, Any]]
    theme_tags: list[dict[str, Any]]
    facts: SafeString
    body: SafeString
    side_end: SafeString


def drawing_of(sheet: SheetPresentation, *, is_preview: bool = False) -> SheetDrawing:
    """Return the drawing of ``sheet``, made at most once: a published sheet is the same object for its readers."""
    drawing: SheetDrawing | None = sheet.drawing
    if drawing is None:
        drawing = sheet.drawing = _draw(sheet, is_preview=is_preview)
    return drawing


def _draw(sheet: SheetPresentation, *, is_preview: bool) -> SheetDrawing:
    context = {
        "sheet": sheet,
        "is_preview": is_preview,
        "facts": public_facts(sheet),
        "partner_groups": partner_groups(sheet),
        "sign_in_url": f"{reverse('account_login')}?{urlencode({'next': sheet.url})}",
        **(_members_context(sheet.members) if sheet.members else {}),
    }
    return SheetDrawing(
        kicker=header_kicker(sheet),
        badges=header_badges(sheet),
        theme_tags=theme_tags(sheet),
        facts=render_to_string("project_sheets/_sheet_facts.html", context),
        body=render_to_string("project_sheets/_sheet_body.html", context),
        side_end=render_to_string("project_sheets/_sheet_side_end.html", context),
    )


def _members_context(members: MembersPart) -> dict[str, Any]:
    segments = financing_segments(members.financing)
    return {
        "financing_stats": financing_stats(members),
        "team": team_lines(members),
        "segments": segments,
        "financing_rows": financing_rows(members.financing, segments),
        "indicators": [
            {
                "measured": measured,
                "aim": measure_sentence(measured),
                "bars": measure_bars(measured),
                "has_figures": has_figures(measured),
            }
            for measured in members.indicators
        ],
    }
