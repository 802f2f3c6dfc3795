"""“Cited in 1 discussion”, on the page of a sheet."""

from django.http import HttpRequest

from forum.community.presentation import rows_of
from forum.community.selectors.discussions import citing, for_rows
from portal.content.citations import CitationPanel, declare

SHOWN = 5


def _find(request: HttpRequest, key: str) -> dict[str, object] | None:
    found = list(for_rows(citing(request.user, key))[: SHOWN + 1])
    if not found:
        return None
    return {"rows": rows_of(found[:SHOWN], request.user), "total": len(found), "has_more": len(found) > SHOWN}


declare(
    CitationPanel(
        "forum",
        "community_forum/panels/cited.html",
        _find,
        areas=("citations",),
        shown_areas=("forum", "directory"),
    )
)
