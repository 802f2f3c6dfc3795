"""Pages of themes and territories, and the glossary."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from portal.core.page_cache import cached_for_visitors, depend_on
from portal.taxonomy import selectors
from portal.taxonomy.models import Theme
from portal.taxonomy.panels import counts_by_theme, panel_areas, panels_of_territory, panels_of_theme


@require_safe
def theme_list(request: HttpRequest) -> HttpResponse:
    """Show all themes, with what exists on each."""
    depend_on(request, "taxonomy", *panel_areas())
    themes = selectors.themes_of_first_level()
    return render(
        request,
        "taxonomy/theme_list.html",
        {
            "needs": [theme for theme in themes if theme.kind == Theme.Kind.NEED],
            "obstacles": [theme for theme in themes if theme.kind == Theme.Kind.OBSTACLE],
            "counts": counts_by_theme(request),
        },
    )


@require_safe
def theme_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what exists on a theme and on those below it."""
    depend_on(request, "taxonomy", *panel_areas())
    theme = get_object_or_404(Theme.objects.select_related("parent").prefetch_related("children"), slug=slug)
    panels = panels_of_theme(request, theme)
    return render(request, "taxonomy/theme_detail.html", {"theme": theme, "panels": panels})


@require_safe
@cached_for_visitors("taxonomy")
def territory_list(request: HttpRequest) -> HttpResponse:
    """Show the regions and their departments."""
    return render(request, "taxonomy/territory_list.html", {"regions": selectors.regions_with_departments()})


@require_safe
def territory_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show what exists in a territory; ``dep-2a`` leads to ``dep-2A``."""
    depend_on(request, "taxonomy", *panel_areas())
    prefix, _dash, official = code.partition("-")
    canonical = f"{prefix.lower()}-{official.upper()}"
    territory = selectors.territory_by_public_code(canonical)
    if territory is None:
        raise Http404
    if canonical != code:
        return redirect(territory, permanent=True)
    return render(
        request,
        "taxonomy/territory_detail.html",
        {
            "territory": territory,
            "below": selectors.territories_below(territory),
            "panels": panels_of_territory(request, territory),
        },
    )


@require_safe
@cached_for_visitors("glossary")
def glossary(request: HttpRequest) -> HttpResponse:
    """Show every acronym of the field, explained."""
    letters = selectors.glossary_by_letter()
    tags = [{"label": letter.letter, "url": f"#{letter.anchor}"} for letter in letters]
    return render(request, "taxonomy/glossary.html", {"letters": letters, "letter_tags": tags})
