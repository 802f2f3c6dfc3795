"""“Cited in 1 discussion”, on the page of a sheet."""

from django.http import HttpRequest

from forum.community.presentation import rows_of
from forum.community.selectors.discussions import citing, for_rows
from portal.content.citations import CitationPanel, declare

SHOWN = 5


def _find(request: HttpRequest, key: str) -> dict[str, object] | None:
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
        shown_areas=("forum", "directory"),
    )
)
