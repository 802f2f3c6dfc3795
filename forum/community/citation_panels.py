"""“Cited in 1 discussion”, on the page of a sheet."""

from django.http import HttpRequest

from forum.community.models import Citation
from forum.community.page_cache_rules import AREAS
from forum.community.presentation import rows_of
from forum.community.selectors.discussions import citing, for_rows
from portal.content.citations import CitationPanel, declare
from portal.core.remember import remembered

SHOWN = 5


@remembered("citations")
def _cited_keys() -> frozenset[str]:
    """Return what any discussion is linked to: most things are not, and cost their page no query."""
    return frozenset(Citation.objects.values_list("key", flat=True).distinct())


def _find(request: HttpRequest, key: str) -> dict[str, object] | None:
    if key not in _cited_keys():
        return None
    cited = citing(request.user, key)
    found = list(for_rows(cited)[: SHOWN + 1])
    if not found:
        return None
    total = len(found) if len(found) <= SHOWN else cited.count()
    return {"rows": rows_of(found[:SHOWN], request.user), "total": total}


declare(
    CitationPanel(
        "forum",
        "community_forum/panels/cited.html",
        _find,
        areas=("citations",),
        shown_areas=AREAS,
    )
)
