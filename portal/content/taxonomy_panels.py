"""News and resources on the pages of themes and territories."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.content.selectors import filed_under, news_card, news_visible_to, resource_card, resources_visible_to
from portal.taxonomy.models import Territory, Theme
from portal.taxonomy.panels import PanelData, TaxonomyPanel, register

SHOWN = 3
TEMPLATE = "content/_taxonomy_panel.html"


def _news(pages: QuerySet[Any]) -> PanelData | None:
    cards = [news_card(page) for page in pages[:SHOWN]]
    return {"cards": cards} if cards else None


def _resources(pages: QuerySet[Any]) -> PanelData | None:
    cards = [resource_card(page) for page in pages[:SHOWN]]
    return {"cards": cards} if cards else None


def _news_on_theme(request: HttpRequest, theme: Theme) -> PanelData | None:
    return _news(filed_under(news_visible_to(request.user), theme))


def _news_in_territory(request: HttpRequest, territory: Territory) -> PanelData | None:
    touching = Territory.objects.touching([territory]).order_by().values("pk")
    return _news(news_visible_to(request.user).filter(territories__in=touching).distinct())


def _resources_on_theme(request: HttpRequest, theme: Theme) -> PanelData | None:
    return _resources(filed_under(resources_visible_to(request.user), theme))


def _no_resources(request: HttpRequest, territory: Territory) -> PanelData | None:
    """A resource holds wherever one works: it has no territory."""
    return None


register(
    TaxonomyPanel(
        key="news",
        title=_("News"),
        order=40,
        template=TEMPLATE,
        of_theme=_news_on_theme,
        of_territory=_news_in_territory,
        areas=("content",),
    )
)
register(
    TaxonomyPanel(
        key="resources",
        title=_("Resources"),
        order=20,
        template=TEMPLATE,
        of_theme=_resources_on_theme,
        of_territory=_no_resources,
        areas=("content",),
    )
)
