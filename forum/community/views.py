"""Pages of the forum."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.core.page_cache import depend_on
from portal.taxonomy.panels import counts_by_theme, panel_areas
from portal.taxonomy.selectors import themes_of_first_level


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Say what the forum will hold, with what exists on each of its themes."""
    depend_on(request, "taxonomy", *panel_areas())
    context = {"themes": themes_of_first_level(), "counts": counts_by_theme(request)}
    return render(request, "community_forum/index.html", context)
