"""Discussions on the page of a theme or of a territory."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from forum.community.models import Discussion, DiscussionQuerySet, Space
from forum.community.models.discussions import readable_space_ids
from forum.community.page_cache_rules import AREAS
from forum.community.presentation import levels_read_by, rows_for
from forum.community.selectors.discussions import LATEST, for_rows
from portal.core.remember import remembered
from portal.taxonomy.models import Territory, Theme
from portal.taxonomy.panels import PanelData, TaxonomyPanel, register

SHOWN = 5


@remembered(*AREAS)
def latest_in(spaces: tuple[int, ...], levels: frozenset[str]) -> PanelData:
    """Return the latest discussions of ``spaces``, which the reader reads, and how many there are."""
    return _latest(Discussion.objects.published().filter(topic__forum__in=spaces), levels)


@remembered(*AREAS, "taxonomy")
def latest_about(territory: Territory, spaces: tuple[int, ...], levels: frozenset[str]) -> PanelData:
    """Return the latest discussions of ``spaces``, which the reader reads, about a territory, and how many."""
    return _latest(Discussion.objects.inside(spaces).about(territory), levels)


def _latest(found: DiscussionQuerySet, levels: frozenset[str]) -> PanelData:
    return {"rows": rows_for(for_rows(found).order_by(*LATEST)[:SHOWN], levels), "total": found.count()}


def _shown(data: PanelData, more_url: str) -> PanelData | None:
    if not data["total"]:
        return None
    return {**data, "more_url": more_url if data["total"] > SHOWN else ""}


def _of_theme(request: HttpRequest, theme: Theme) -> PanelData | None:
    spaces = Space.objects.visible_to(request.user).filter(theme__in=Theme.objects.within(theme))
    ids = list(spaces.order_by("forum__level", "pk").values_list("pk", "slug"))
    if not ids:
        return None
    data = latest_in(tuple(pk for pk, _slug in ids), levels_read_by(request.user))
    return _shown(data, reverse("community_forum:space", args=[ids[0][1]]))


def _of_territory(request: HttpRequest, territory: Territory) -> PanelData | None:
    data = latest_about(territory, tuple(readable_space_ids(request.user)), levels_read_by(request.user))
    return _shown(data, f"{reverse('community_forum:all')}?territoire={territory.public_code}")


def _theme_counts(request: HttpRequest) -> dict[int, int]:
    """Count the discussions of each theme by its spaces, which keep their own counts."""
    spaces = Space.objects.filter(pk__in=readable_space_ids(request.user)).exclude(theme=None)
    counts: dict[int, int] = {}
    rows = spaces.order_by().values_list("theme", "theme__parent", "forum__direct_topics_count")
    for theme, parent, total in rows:
        for one in filter(None, (theme, parent)):
            counts[one] = counts.get(one, 0) + total
    return counts


def _count_label(count: int) -> str:
    return ngettext("%(count)s discussion", "%(count)s discussions", count) % {"count": count}


register(
    TaxonomyPanel(
        key="discussions",
        title=_("Discussions"),
        order=30,
        template="community_forum/panels/taxonomy.html",
        of_theme=_of_theme,
        of_territory=_of_territory,
        theme_counts=_theme_counts,
        count_label=_count_label,
        areas=AREAS,
    )
)
