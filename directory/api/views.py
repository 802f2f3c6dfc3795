"""The read-only API of the directory: what a visitor reads, for machines."""

import functools
import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.api.document import PARAMETERS, openapi_document
from directory.api.limits import take_request
from directory.exchange.records import described, record_of
from directory.facets import FacetedDirectory, read_filter
from directory.forms import DirectoryFilterForm
from directory.models import Organisation
from portal.core.addresses import absolute_of
from portal.core.areas import current_tokens
from portal.core.page_cache import cached_for_visitors

PER_PAGE, MOST_PER_PAGE = 20, 100
JSON = {"ensure_ascii": False}
View = Callable[..., HttpResponse]


def _api(view: View) -> View:
    """Open a view to all origins, within the limit, and answer 304 to who has the same already.

    The answer depends on the address and on what the directory holds, so that its tag is known
    before any work is done.
    """

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wait = take_request(request)
        if wait:
            response: HttpResponse = _problem(429, _("Too many requests: wait for some seconds."))
            response["Retry-After"] = str(wait)
            return _opened(response)
        tag = _tag(request)
        if tag and request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
            response = HttpResponse(status=304)
        else:
            response = view(request, *args, **kwargs)
        if tag and response.status_code in {200, 304}:
            response["ETag"] = tag
            response["Cache-Control"] = "public, max-age=60"
        return _opened(response)

    return wrapper


def _opened(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _tag(request: HttpRequest) -> str:
    tokens = current_tokens()
    if tokens is None:
        return ""
    said = f"{request.get_full_path()} {tokens.get('directory')} {tokens.get('taxonomy')}"
    return f'"{hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


def _problem(status: int, sentence: str) -> JsonResponse:
    return JsonResponse({"erreur": sentence}, status=status, json_dumps_params=JSON)


@require_safe
@_api
def organisations(request: HttpRequest) -> HttpResponse:
    """Return a page of the organisations that the filters leave: those of the list, under the same names."""
    form = DirectoryFilterForm(request.GET)
    if not form.is_valid():
        errors = {name: [str(error) for error in found] for name, found in form.errors.items()}
        return JsonResponse({"erreur": _("A filter is wrong."), "champs": errors}, status=400, json_dumps_params=JSON)
    faceted = FacetedDirectory(AnonymousUser(), read_filter(form.cleaned_data))
    size = _page_size(request.GET.get("par_page", ""))
    page = Paginator(faceted.found(form.cleaned_data["tri"]), size).get_page(request.GET.get("page"))
    records = [record_of(one) for one in described([found.pk for found in page.object_list])]
    body = {
        "total": page.paginator.count,
        "page": page.number,
        "pages": page.paginator.num_pages,
        "suivante": _page_url(request, page.next_page_number()) if page.has_next() else None,
        "precedente": _page_url(request, page.previous_page_number()) if page.has_previous() else None,
        "structures": records,
    }
    return JsonResponse(body, json_dumps_params=JSON)


def _page_size(text: str) -> int:
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else PER_PAGE
    return min(max(asked, 1), MOST_PER_PAGE)


def _page_url(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"{absolute_of('directory:api_organisations')}?{query.urlencode()}"


@require_safe
@_api
def organisation(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Return one organisation by its stable identifier; one that was merged leads to the one that was kept."""
    found = Organisation.objects.select_related("merged_into").filter(uid=uid).first()
    kept = found.merged_into if found and found.merged_into else found
    shown = Organisation.objects.visible_to(AnonymousUser()).filter(pk=kept.pk if kept else None).exists()
    if kept is None or found is None or not shown:
        return _problem(404, _("No organisation of the directory has this identifier."))
    if kept.pk != found.pk:
        response = HttpResponse(status=301)
        response["Location"] = absolute_of("directory:api_organisation", kept.uid)
        return response
    return JsonResponse(record_of(next(described([kept.pk]))), json_dumps_params=JSON)


@require_safe
@_api
def openapi(request: HttpRequest) -> HttpResponse:
    """Return the description of this API for machines."""
    return JsonResponse(openapi_document(), json_dumps_params=JSON)


@require_safe
@cached_for_visitors()
def documentation(request: HttpRequest) -> HttpResponse:
    """Describe the API for people."""
    context = {
        "parameters": [{"name": name, "description": text} for name, (_kind, text) in PARAMETERS.items()],
        "example_url": f"{absolute_of('directory:api_organisations')}?territoire=dep-35&par_page=5",
    }
    return render(request, "directory/api.html", context)
