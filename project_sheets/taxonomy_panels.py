"""The projects on the page of a theme or of a territory."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.rules import AnyUser
from portal.taxonomy.models import Territory, Theme
from portal.taxonomy.panels import PanelData, TaxonomyPanel, register
from project_sheets.cards import cards_of
from project_sheets.facets import FacetedList
from project_sheets.filters import SheetFilters

SHOWN = 6


def _data(user: AnyUser, filters: SheetFilters, query: str) -> PanelData | None:
    found = FacetedList(user, filters).found()
    if not found:
        return None
    return {
        "cards": cards_of(found[:SHOWN]),
        "total": len(found),
        "more_url": f"/projets/?{query}" if len(found) > SHOWN else "",
    }


def _of_theme(request: HttpRequest, theme: Theme) -> PanelData | None:
    return _data(request.user, SheetFilters(chosen={"theme": (theme.slug,)}), f"theme={theme.slug}")


def _of_territory(request: HttpRequest, territory: Territory) -> PanelData | None:
    return _data(request.user, SheetFilters(territories=(territory,)), f"territoire={territory.public_code}")


def _theme_counts(request: HttpRequest) -> dict[int, int]:
    options = FacetedList(request.user, SheetFilters()).options("theme")
    keys = dict(Theme.objects.values_list("slug", "pk"))
    return {keys[option.value]: option.count for option in options if option.value in keys}


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
