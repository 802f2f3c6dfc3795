"""Pages of the directory."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory import selectors
from directory.addresses import chips_for, sort_links
from directory.enums import DirectorySort
from directory.facets import FACETS, DirectoryFilter, FacetedDirectory, read_filter, words_of
from directory.forms import DirectoryFilterForm
from directory.models import Organisation
from directory.panels import panel_areas, panels_of_organisation
from directory.people import present_member
from directory.places import Precision
from directory.presentation import (
    at_distance,
    card_of,
    cards_of,
    directory_tabs,
    facts_of,
    freshness_of,
    member_card,
    reach_of,
    title_of,
)
from portal.core.page_cache import cached_for_visitors, depend_on

PER_PAGE = 20


@require_safe
@cached_for_visitors("directory", "taxonomy")
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Show the organisations, filtered and ordered as the address says."""
    form = DirectoryFilterForm(request.GET)
    form.is_valid()
    chosen, sort = read_filter(form.cleaned_data), form.cleaned_data["tri"]
    faceted = FacetedDirectory(request.user, chosen)
    page = Paginator(faceted.found(sort), PER_PAGE).get_page(request.GET.get("page"))
    cards = cards_of(found.pk for found in page.object_list)
    context = {
        "form": form,
        "page": page,
        "cards": [
            at_distance(cards[found.pk], found.kilometres, "") for found in page.object_list if found.pk in cards
        ],
        "around": chosen.around,
        "precision": Precision(chosen.around.position.precision).label if chosen.around else "",
        "was_guessed": faceted.was_guessed,
        "facets": _facets(form, faceted),
        "chips": chips_for(request, _chosen_values(chosen, form.cleaned_data.get("autour", ""))),
        "sorts": sort_links(request, sort, _sorts(chosen)),
        "default_sort": _sorts(chosen)[0][0],
        "tabs": directory_tabs(request.user, "organisations"),
        "query": request.GET.urlencode(),
    }
    return render(request, "directory/organisation_list.html", context)


def _sorts(chosen: DirectoryFilter) -> list[tuple[str, Any]]:
    """Return the orders to choose from, the default one first."""
    by_distance = (DirectorySort.DISTANCE.value, DirectorySort.DISTANCE.label)
    others = [choice for choice in DirectorySort.choices if choice[0] != DirectorySort.DISTANCE]
    return [by_distance, *others] if chosen.around else others


def _facets(form: DirectoryFilterForm, faceted: FacetedDirectory) -> list[dict[str, Any]]:
    options = {"type": faceted.options("type"), "territoire": faceted.territories()}
    options |= {name: faceted.options(name) for name in FACETS if name != "type"}
    return [{"name": name, "label": form[name].label, "options": found} for name, found in options.items()]


@require_safe
@cached_for_visitors("directory", "people", "taxonomy", "glossary")
def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an organisation and what the portal knows of it; an old address leads on; 404 to whom it is not listed."""
    depend_on(request, *panel_areas())
    organisation = selectors.organisation_details(request.user).filter(slug=slug).first()
    if organisation is None:
        return _moved(request, slug)
    context = {
        "organisation": organisation,
        "search_key": f"organisation:{organisation.pk}",
        "title": title_of(organisation),
        "badges": [{"label": _("Verified"), "kind": "success"}] if organisation.verified_at else [],
        "facts": facts_of(organisation),
        "reach": reach_of(organisation),
        "freshness": freshness_of(organisation),
        "branches": [card_of(branch) for branch in organisation.branches.all()],
        "parent": selectors.visible_parent(request.user, organisation),
        "panels": panels_of_organisation(request, organisation),
        "people": [
            member_card(present_member(profile, request.user))
            for profile in selectors.members_of_organisation(request.user, organisation)
        ],
        **_actions(request, organisation),
    }
    return render(request, "directory/organisation_detail.html", context)


def _actions(request: HttpRequest, organisation: Organisation) -> dict[str, bool]:
    """Return what this reader may do there; visitors all may do the same, so that their page is kept."""
    is_managed = selectors.has_manager(organisation)
    return {
        "may_write": bool(organisation.relay_email) or is_managed,
        "may_claim": not is_managed,
        "may_edit": request.user.is_authenticated and selectors.may_edit(request.user, organisation),
    }


def _moved(request: HttpRequest, slug: str) -> HttpResponse:
    kept = selectors.address_of(slug)
    if kept is None or not Organisation.objects.visible_to(request.user).filter(pk=kept.pk).exists():
        raise Http404
    return HttpResponsePermanentRedirect(kept.get_absolute_url())


def _chosen_values(chosen: DirectoryFilter, around: str) -> list[tuple[str, str, str]]:
    """Return the active filters as (name, value, label)."""
    values = [("q", chosen.text, _("“%(text)s”") % {"text": chosen.text})] if chosen.text else []
    if chosen.around:
        words = {"place": chosen.around.place, "km": chosen.around.radius_km}
        values.append(("autour", around, _("%(km)d km around %(place)s") % words))
    for name in FACETS:
        labels = {value: label for value, label, _is_below in words_of(name)}
        values += [(name, value, labels[value]) for value in chosen.chosen.get(name, ())]
    values += [("territoire", territory.public_code, str(territory)) for territory in chosen.territories]
    return values
