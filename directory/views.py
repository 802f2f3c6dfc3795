"""Pages of the directory."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory import selectors
from directory.addresses import chips_for, sort_links
from directory.enums import DirectorySort
from directory.facets import DirectoryFilter, facets_for, organisations_found, read_filter
from directory.forms import DirectoryFilterForm
from directory.panels import panel_areas, panels_of_organisation
from directory.people import present_member
from directory.presentation import card_of, directory_tabs, facts_of, member_card, title_of
from portal.core.page_cache import cached_for_visitors, depend_on

PER_PAGE = 20


@require_safe
@cached_for_visitors("directory", "taxonomy")
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Show the organisations, filtered and ordered as the address says."""
    form = DirectoryFilterForm(request.GET)
    form.is_valid()
    chosen = read_filter(form.cleaned_data)
    sort = form.cleaned_data["tri"]
    found = selectors.in_order(organisations_found(request.user, chosen), sort)
    facets = facets_for(request.user, chosen)
    page = Paginator(selectors.with_card_details(found), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "cards": [card_of(organisation) for organisation in page.object_list],
        "facets": [
            {"name": "type", "label": form["type"].label, "options": facets.kinds},
            {"name": "theme", "label": form["theme"].label, "options": facets.themes},
            {"name": "territoire", "label": form["territoire"].label, "options": facets.territories},
        ],
        "chips": chips_for(request, _chosen_values(chosen)),
        "sorts": sort_links(request, sort, DirectorySort.choices),
        "tabs": directory_tabs(request.user, "organisations"),
    }
    return render(request, "directory/organisation_list.html", context)


@require_safe
@cached_for_visitors("directory", "people", "taxonomy", "glossary")
def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an organisation and what the portal knows of it; 404 to whom it is not listed."""
    depend_on(request, *panel_areas())
    organisation = get_object_or_404(selectors.organisation_details(request.user), slug=slug)
    context = {
        "organisation": organisation,
        "title": title_of(organisation),
        "facts": facts_of(organisation),
        "branches": [card_of(branch) for branch in organisation.branches.all()],
        "parent": selectors.visible_parent(request.user, organisation),
        "panels": panels_of_organisation(request, organisation),
        "people": [
            member_card(present_member(profile, request.user))
            for profile in selectors.members_of_organisation(request.user, organisation)
        ],
    }
    return render(request, "directory/organisation_detail.html", context)


def _chosen_values(chosen: DirectoryFilter) -> list[tuple[str, str, str]]:
    """Return the active filters as (name, value, label)."""
    values = [("q", chosen.text, _("“%(text)s”") % {"text": chosen.text})] if chosen.text else []
    values += [("type", kind.slug, kind.name) for kind in chosen.kinds]
    values += [("theme", theme.slug, theme.name) for theme in chosen.themes]
    values += [("territoire", territory.public_code, str(territory)) for territory in chosen.territories]
    return values
