"""Pages of the fact sheets: the list, a sheet, a call, a file."""

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.accounts.rules import is_animator, is_member
from portal.content.citations import citation_areas
from portal.core.page_cache import cached_for_visitors, depend_on
from portal.notifications.services import mark_seen
from project_sheets.cards import cards_of
from project_sheets.comparison.picks import picking
from project_sheets.drawing import drawing_of
from project_sheets.editing.selectors import may_write
from project_sheets.facets import TERRITORY, FacetedList, Option
from project_sheets.filters import (
    DEFAULT_SORT,
    FACETS,
    ONLINE,
    SORTS,
    STATE,
    WITHOUT,
    WITHOUT_LABELS,
    SheetFilters,
    parse_filters,
)
from project_sheets.list_map import list_ways
from project_sheets.models import Call, ProjectSheetPage, RegionIndexPage
from project_sheets.notification_kinds import online_group
from project_sheets.presentation import call_facts, call_stats
from project_sheets.selectors import (
    SheetPresentation,
    call_for_page,
    documents_visible_to,
    leads_of,
    region_page,
    sheet_at,
)

PAGE_SIZE = 12


@require_safe
@cached_for_visitors("sheets", "taxonomy", "directory")
def sheet_list(request: HttpRequest, region_slug: str = "") -> HttpResponse:
    """List the sheets that the reader may see, of one region or of all, with facets, sort and pages."""
    region = get_object_or_404(RegionIndexPage.objects.live(), slug=region_slug) if region_slug else None
    filters = parse_filters(request.GET, region)
    faceted = FacetedList(request.user, filters)
    page = Paginator(faceted.found(), PAGE_SIZE).get_page(request.GET.get("page"))
    facets = _facets(faceted)
    context = {
        "region": region,
        "filters": filters,
        "facets": facets,
        "page": page,
        "cards": cards_of(page.object_list),
        "chips": _chips(request, filters, facets),
        "sorts": _sort_links(request, filters),
        **list_ways(request, faceted, filters),
    }
    context |= picking(request.GET, [card.url for card in context["cards"]])
    return render(request, "project_sheets/sheet_list.html", context)


def _sort_links(request: HttpRequest, filters: SheetFilters) -> list[dict[str, Any]]:
    """Return the ways to sort; the default one leaves no trace in the address."""
    links = []
    for value, (label, _order) in SORTS.items():
        query = request.GET.copy()
        query.pop("page", None)
        query.pop("tri", None)
        if value != DEFAULT_SORT:
            query["tri"] = value
        url = f"{request.path}?{query.urlencode()}" if query else request.path
        links.append({"label": label, "url": url, "current": value == filters.sort})
    return links


def _facets(faceted: FacetedList) -> list[dict[str, Any]]:
    """Return the facets that offer a choice, each with its counted options."""
    labels = {
        TERRITORY: _("Territory"),
        "theme": _("Theme"),
        "public": _("Audience"),
        "secteur": _("Sector"),
        "etape": _("Stage"),
        "porteur": _("Kind of holder"),
        "appel": _("Call for projects"),
        "vague": _("Wave"),
    }
    options = {name: faceted.options(name) for name in FACETS}
    options[TERRITORY] = faceted.territories()
    return [{"name": name, "label": label, "options": options[name]} for name, label in labels.items() if options[name]]


def _chips(request: HttpRequest, filters: SheetFilters, facets: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the active filters, each with the address that removes it alone."""
    active: list[tuple[str, str, str]] = [("q", filters.query, f"« {filters.query} »")] if filters.query else []
    # Visitors see nothing else.
    if filters.is_online_only and is_member(request.user):
        active.append((STATE, ONLINE, _("Online only")))
    active += [(WITHOUT, name, str(WITHOUT_LABELS[name])) for name in filters.without]
    for facet in facets:
        options: list[Option] = facet["options"]
        active += [(facet["name"], option.value, option.label) for option in options if option.selected]
    chips = []
    for name, value, label in active:
        query = request.GET.copy()
        query.pop("page", None)
        query.setlist(name, [other for other in query.getlist(name) if name != "q" and other != value])
        chips.append({"label": label, "url": f"{request.path}?{query.urlencode()}" if query else request.path})
    return chips


@require_safe
@cached_for_visitors("sheets", "taxonomy", "directory", "glossary", "content")
def sheet_detail(request: HttpRequest, region_slug: str, slug: str) -> HttpResponse:
    """Show one sheet, at the depth that the reader may see."""
    sheet = sheet_at(request.user, region_slug, slug)
    if sheet is None:
        raise Http404
    depend_on(request, *citation_areas())
    if is_member(request.user):
        mark_seen(user=request.user, group=online_group(sheet.pk))  # type: ignore[arg-type]
    return _render_sheet(request, sheet)


def sheet_preview(request: HttpRequest, page: ProjectSheetPage) -> HttpResponse:
    """Show a sheet that is being edited; Wagtail has checked the right to see it."""
    return _render_sheet(request, SheetPresentation(page, with_members_part=True))


def _render_sheet(request: HttpRequest, sheet: SheetPresentation) -> HttpResponse:
    return render(request, "project_sheets/sheet_detail.html", sheet_context(request, sheet))


def sheet_context(request: HttpRequest, sheet: SheetPresentation, *, is_preview: bool = False) -> dict[str, Any]:
    """Return what the page of a sheet shows, published or in preview."""
    return {
        "sheet": sheet,
        "citation_key": f"sheet:{sheet.pk}",
        "region": region_page(sheet),
        "drawing": drawing_of(sheet, is_preview=is_preview),
        "edit_url": _edit_url(request, sheet),
        "leads": leads_of(sheet, request.user) if sheet.members else (),
    }


def _edit_url(request: HttpRequest, sheet: SheetPresentation) -> str:
    """Return where the reader edits the sheet, if they may and if it is saved already."""
    if sheet.pk is None or not may_write(request.user, sheet.pk):
        return ""
    return reverse("sheet_editing:overview", args=[sheet.uid])


@require_safe
@cached_for_visitors("sheets", "taxonomy", "directory", "glossary")
def call_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a call: what it is for, its waves, and the sheets of the projects that it retained."""
    call = call_for_page(slug)
    if call is None:
        raise Http404
    found = FacetedList(request.user, SheetFilters(chosen={"appel": (slug,)}, sort="titre")).found()
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"call": call, "page": page, "cards": cards_of(page.object_list)}
    context |= {"stats": call_stats(call, page.paginator.count), "facts": call_facts(call)}
    context["edit_url"] = _call_edit_url(request, call)
    return render(request, "project_sheets/call_detail.html", context)


def _call_edit_url(request: HttpRequest, call: Call) -> str:
    """Return where the reader changes the call, if they may; no query for anybody but an animator."""
    if is_animator(request.user) and Call.objects.editable_by(request.user).filter(pk=call.pk).exists():
        return reverse("sheet_calls:edit", args=[call.slug])
    return ""


@require_safe
@never_cache
def document(request: HttpRequest, uid: str, name: str) -> FileResponse:
    """Serve a sheet's file to those who may read it; to others it does not exist."""
    found = get_object_or_404(documents_visible_to(request.user), uid=uid)
    try:
        opened = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(opened, as_attachment=True, filename=f"{slugify(found.title)}.{found.format.lower()}")
