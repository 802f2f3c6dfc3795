"""The directory on a map: how many act in each département, and where their seats are."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from directory.facets import FacetedDirectory, read_filter
from directory.forms import DirectoryFilterForm
from directory.models import Organisation
from portal.core.maps import department_map
from portal.core.money import format_decimal
from portal.core.page_cache import cached_for_visitors

#: Points that a browser still draws smoothly; beyond, the map of départements says more.
MOST_POINTS = 2_000


def _label(count: int) -> str:
    return ngettext("%(count)s organisation", "%(count)s organisations", count) % {"count": format_decimal(count)}


@require_safe
@cached_for_visitors("directory", "taxonomy")
def organisation_map(request: HttpRequest) -> HttpResponse:
    """Show the organisations that the filters leave on a map, and the same in a list."""
    faceted, chosen = _faceted(request)
    query = request.GET.copy()
    for name in ("page", "territoire"):
        query.pop(name, None)

    def list_of(code: str) -> str:
        asked = query.copy()
        asked["territoire"] = f"dep-{code}"
        return f"{reverse('directory:index')}?{asked.urlencode()}"

    points = reverse("directory:map_points")
    found = len(faceted.found("nom"))
    context = {
        "map": department_map(
            faceted.counts_by_department(),
            title=_("Organisations that act in each département"),
            url_for=list_of,
            label_for=_label,
            chosen=[place.code for place in chosen.territories],
            points_url=f"{points}?{request.GET.urlencode()}" if found <= MOST_POINTS else "",
        ),
        "total": found,
        "list_url": f"{reverse('directory:index')}?{request.GET.urlencode()}".rstrip("?"),
    }
    return render(request, "directory/organisation_map.html", context)


def _faceted(request: HttpRequest) -> tuple[FacetedDirectory, Any]:
    form = DirectoryFilterForm(request.GET)
    form.is_valid()
    chosen = read_filter(form.cleaned_data)
    return FacetedDirectory(request.user, chosen), chosen


@require_safe
@cached_for_visitors("directory", "taxonomy")
def points(request: HttpRequest) -> JsonResponse:
    """Return where the seats are as GeoJSON; several in one municipality stand at its one centre."""
    faceted, _chosen = _faceted(request)
    keys = [found.pk for found in faceted.found("nom")[:MOST_POINTS]]
    fields = ("name", "slug", "latitude", "longitude", "position")
    rows = Organisation.objects.filter(pk__in=keys, latitude__isnull=False).order_by("search_text", "pk")
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
            "properties": {"title": name, "url": reverse("directory:organisation", args=[slug]), "precision": position},
        }
        for name, slug, latitude, longitude, position in rows.values_list(*fields)
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features}, json_dumps_params={"ensure_ascii": False})
