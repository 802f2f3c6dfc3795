"""The projects on the page of a theme or of a territory."""

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.taxonomy.models import Territory, Theme
from portal.taxonomy.panels import PanelData, TaxonomyPanel, register
from project_sheets.cards import cards_for, sheets_for_cards
from project_sheets.filters import deployed_in
from project_sheets.models import ProjectSheetPage

SHOWN = 6


def _data(sheets: QuerySet[Any], query: str) -> PanelData | None:
    total = sheets.count()
    if not total:
        return None
    cards = cards_for(list(sheets.order_by("-first_published_at", "pk")[:SHOWN]))
    return {"cards": cards, "total": total, "more_url": f"/projets/?{query}" if total > SHOWN else ""}


def _of_theme(request: HttpRequest, theme: Theme) -> PanelData | None:
    on_theme = ProjectSheetPage.themes.through.objects.filter(theme__in=Theme.objects.within(theme))
    sheets = sheets_for_cards(request.user).filter(pk__in=on_theme.values("projectsheetpage_id"))
    return _data(sheets, f"theme={theme.slug}")


def _of_territory(request: HttpRequest, territory: Territory) -> PanelData | None:
    sheets = sheets_for_cards(request.user).filter(pk__in=deployed_in([territory]))
    return _data(sheets, f"territoire={territory.public_code}")


def _theme_counts(request: HttpRequest) -> dict[int, int]:
    visible = ProjectSheetPage.objects.visible_to(request.user).exclude(themes=None).order_by()
    found: dict[int, set[int]] = defaultdict(set)
    for sheet, theme, parent in visible.values_list("pk", "themes", "themes__parent"):
        found[theme].add(sheet)
        if parent:
            found[parent].add(sheet)
    return {theme: len(sheets) for theme, sheets in found.items()}


def _count_label(count: int) -> str:
    return ngettext("%(count)s project", "%(count)s projects", count) % {"count": count}


register(
    TaxonomyPanel(
        key="projects",
        title=_("Projects"),
        order=10,
        template="project_sheets/panels/cards.html",
        of_theme=_of_theme,
        of_territory=_of_territory,
        theme_counts=_theme_counts,
        count_label=_count_label,
        areas=("sheets", "directory"),
    )
)
