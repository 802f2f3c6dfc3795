"""Pages of the directory."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory import selectors
from directory.enums import DirectorySort
from directory.facets import DirectoryFilter, facets_for, organisations_found, read_filter
from directory.forms import DirectoryFilterForm
from directory.panels import panel_areas, panels_of_organisation
from directory.presentation import card_of, facts_of, title_of
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
        "chips": _chips(request, chosen),
        "sorts": _sort_links(request, sort),
    }
    return render(request, "directory/organisation_list.html", context)


@require_safe
@cached_for_visitors("directory", "taxonomy", "glossary")
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
    }
    return render(request, "directory/organisation_detail.html", context)


def _address(request: HttpRequest, query: QueryDict) -> str:
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _chips(request: HttpRequest, chosen: DirectoryFilter) -> list[dict[str, Any]]:
    """Return the active filters, each with the address of the list without it."""
    values = [("q", chosen.text, _("“%(text)s”") % {"text": chosen.text})] if chosen.text else []
    values += [("type", kind.slug, kind.name) for kind in chosen.kinds]
    values += [("theme", theme.slug, theme.name) for theme in chosen.themes]
    values += [("territoire", territory.public_code, str(territory)) for territory in chosen.territories]
    chips = []
    for name, value, label in values:
        query = request.GET.copy()
        query.pop("page", None)
        query.setlist(name, [other for other in query.getlist(name) if name != "q" and other != value])
        chips.append({"label": label, "url": _address(request, query)})
    return chips


def _sort_links(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """Return the ways to sort; the default one leaves no trace in the address."""
    links = []
    for value, label in DirectorySort.choices:
        query = request.GET.copy()
        query.pop("page", None)
        query.pop("tri", None)
        if value != DirectorySort.NAME:
            query["tri"] = value
        links.append({"label": label, "url": _address(request, query), "current": value == current})
    return links
