"""The agenda as a map."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from agenda.filters import parse_filter
from agenda.selectors.calendar import counts_by_department, reach_of
from agenda.views.public import dates_page, filter_context
from portal.core.maps import department_map
from portal.core.page_cache import cached_for_visitors

#: Dates listed under the map.
SHOWN_BELOW = 10


def _dates(count: int) -> str:
    return ngettext("%(count)s date", "%(count)s dates", count) % {"count": count}


@require_safe
@cached_for_visitors("agenda", "taxonomy")
def map_view(request: HttpRequest) -> HttpResponse:
    """Show how many dates each département has, on a map and in the list of the same figures."""
    chosen = parse_filter(request.GET)
    reach = reach_of(request.user)
    counts = counts_by_department(reach, chosen)
    index = reverse("agenda:index")
    context = {
        "chosen": chosen,
        "map": department_map(
            counts,
            title=_("Dates by department"),
            url_for=lambda code: f"{index}?{chosen.query(territoire=f'dep-{code}')}",
            label_for=_dates,
        ),
        "cards": dates_page(reach, chosen, "").object_list[:SHOWN_BELOW],
        "list_url": f"{index}?{chosen.query()}" if chosen.query() else index,
        **filter_context(request, chosen),
    }
    return render(request, "agenda/map.html", context)
