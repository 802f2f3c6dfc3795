"""Reads of the editorial content."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet
from wagtail.images.shortcuts import get_rendition_or_not_found
from wagtail.models import Page, Site

from portal.accounts.rules import AnyUser, is_member
from portal.content.enums import ResourceKind
from portal.content.models import (
    HomePage,
    NewsCategory,
    NewsPage,
    PortalDocument,
    ResourceDocument,
    ResourcePage,
)
from portal.content.models.visibility import VisiblePageQuerySet
from portal.core.dates import format_day
from portal.core.paths import public_path
from portal.core.remember import remembered
from portal.taxonomy.models import Theme

#: Cards show pictures in 16:9; 640 px is a third of the widest page at twice the density.
CARD_PICTURE = "fill-640x360"
FEED_SIZE = 50
#: Far above what a portal holds; only there so that the page of the site map stays finite.
SITE_MAP_SIZE = 3_000


def news_visible_to(user: AnyUser) -> QuerySet[NewsPage]:
    """Return the news that ``user`` may read, the latest first, with what a card or a feed shows."""
    return _with_what_cards_show(NewsPage.objects.visible_to(user))


def _with_what_cards_show(news: QuerySet[NewsPage]) -> QuerySet[NewsPage]:
    news = news.select_related("category", "picture").order_by("-published_on", "-pk")
    return news.defer("body").prefetch_related("picture__renditions", "themes")


def news_card(page: NewsPage) -> dict[str, Any]:
    """Return what a card shows of an article; a drawing of its first theme stands for a missing picture."""
    themes = page.themes.all()
    picture = get_rendition_or_not_found(page.picture, CARD_PICTURE) if page.picture else None
    return {
        "title": page.title,
        "url": public_path(page),
        "kicker": f"{page.category} · {format_day(page.published_on)}",
        "summary": page.intro,
        # Beside its title the picture only decorates.
        "picture": picture.img_tag({"alt": "", "loading": "lazy"}) if picture else "",
        "illustration": themes[0].illustration if themes else "document",
    }


def latest_news_cards(user: AnyUser, count: int) -> Sequence[dict[str, Any]]:
    """Return the cards of the ``count`` latest news that ``user`` may read."""
    return _latest_news_cards(count, for_members=is_member(user))


@remembered("content", "taxonomy")
def _latest_news_cards(count: int, *, for_members: bool) -> Sequence[dict[str, Any]]:
    news = _with_what_cards_show(NewsPage.objects.readable(by_members=for_members))
    return [news_card(page) for page in news[:count]]


@remembered("content")
def home_open_to_all() -> HomePage | None:
    """Return the home page of the only site, or None where Wagtail has to decide: several sites, a closed page."""
    sites = list(Site.objects.select_related("root_page")[:2])
    if len(sites) != 1:
        return None
    home = HomePage.objects.live().filter(pk=sites[0].root_page_id).first()
    return home if home and not home.get_view_restrictions() else None


def news_categories(user: AnyUser) -> list[NewsCategory]:
    """Return the categories in which ``user`` finds something."""
    return list(NewsCategory.objects.filter(news__in=NewsPage.objects.visible_to(user)).distinct())


def themes_of(pages: QuerySet[Any]) -> list[Theme]:
    """Return the themes that ``pages`` (news or resources) are filed under, with their parents."""
    relation = {NewsPage: "news", ResourcePage: "resources"}[pages.model]
    chosen = list(Theme.objects.filter(**{f"{relation}__in": pages.order_by().values("pk")}).distinct())
    parents = Theme.objects.filter(children__in=chosen).distinct() if chosen else []
    return sorted({*chosen, *parents}, key=lambda theme: (theme.order, theme.name))


def filed_under(pages: QuerySet[Any], theme: Theme) -> QuerySet[Any]:
    """Keep the pages on ``theme`` or on a theme below it."""
    below = list(Theme.objects.within(theme).values_list("pk", flat=True))
    return pages.filter(themes__in=below).distinct()


def resources_visible_to(user: AnyUser) -> QuerySet[ResourcePage]:
    """Return the resources that ``user`` may read, by title, with their readable documents."""
    rows = ResourceDocument.objects.filter(document__in=PortalDocument.objects.visible_to(user))
    readable = Prefetch("documents", rows.select_related("document"), to_attr="readable_documents")
    return (
        ResourcePage.objects.visible_to(user).defer("body").prefetch_related("themes", readable).order_by("title", "pk")
    )


def resource_card(page: ResourcePage) -> dict[str, Any]:
    """Return what a list shows of a resource."""
    themes = page.themes.all()
    return {
        "title": page.title,
        "url": public_path(page),
        "kicker": str(ResourceKind(page.kind).label).capitalize(),
        "summary": page.summary,
        "parties": page.parties,
        "documents": [row.document for row in page.readable_documents],
        "illustration": themes[0].illustration if themes else "document",
    }


def documents_of(page: ResourcePage, user: AnyUser) -> list[PortalDocument]:
    """Return the files of a resource that ``user`` may read, in their order.

    Rows of a page that is being edited live in memory alone: the right is checked on each.
    """
    readable = set(
        PortalDocument.objects.visible_to(user)
        .filter(pk__in=[row.document_id for row in page.documents.all()])
        .values_list("pk", flat=True)
    )
    return [row.document for row in page.documents.all() if row.document_id in readable]


@dataclass
class SiteMapNode:
    """A page of the site map with the pages below it."""

    title: str
    url: str
    children: list["SiteMapNode"] = field(default_factory=list)


def site_map_for(root: Page, user: AnyUser) -> list[SiteMapNode]:
    """Return the tree of the pages below ``root`` that ``user`` may read; one query."""
    pages: VisiblePageQuerySet = VisiblePageQuerySet(Page).descendant_of(root).visible_to(user)
    rows = pages.order_by("path").only("title", "url_path", "depth", "path")[:SITE_MAP_SIZE]
    return _nested(rows)


def _nested(pages: Iterable[Page]) -> list[SiteMapNode]:
    """Nest pages that come in the order of the tree; one whose parent is missing goes to the nearest above."""
    roots: list[SiteMapNode] = []
    open_nodes: list[tuple[str, SiteMapNode]] = []
    for page in pages:
        node = SiteMapNode(page.title, public_path(page))
        while open_nodes and not page.path.startswith(open_nodes[-1][0]):
            open_nodes.pop()
        (open_nodes[-1][1].children if open_nodes else roots).append(node)
        open_nodes.append((page.path, node))
    return roots


def related_news(page: NewsPage, user: AnyUser, count: int = 3) -> Sequence[dict[str, Any]]:
    """Return the cards of other news on the themes of ``page``."""
    themes = [theme.pk for theme in page.themes.all()]
    if not themes:
        return []
    found = news_visible_to(user).filter(themes__in=themes).exclude(pk=page.pk).distinct()[:count]
    return [news_card(other) for other in found]
