"""The search page."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core.dates import format_day
from search.engines.base import Match
from search.forms import chosen_facets, page_number, question_form
from search.selectors import Facet, Hit, kind_label, search_site

PAGE_SIZE = 10


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Show what the reader may see of what was asked; without a question, how to ask."""
    form = question_form(request.GET)
    question = form.cleaned_data["q"] if form.is_valid() else ""
    context: dict[str, Any] = {"form": form, "question": question}
    if question:
        context |= _results(request, question)
    response = render(request, "search/search.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _results(request: HttpRequest, question: str) -> dict[str, Any]:
    chosen = chosen_facets(request.GET)
    found = search_site(
        user=request.user, text=question, chosen=chosen, page=page_number(request.GET), page_size=PAGE_SIZE
    )
    return {
        "rows": [_row(hit) for hit in found.hits],
        "page": Paginator(range(found.result.total), PAGE_SIZE).get_page(found.result.page),
        "facets": found.facets,
        "chips": _chips(request, found.facets),
        "reset_url": _url_without(request, *chosen),
        "is_narrowed": any(chosen.values()),
        "is_partial": found.result.total and found.result.match is not Match.ALL,
    }


def _row(hit: Hit) -> dict[str, Any]:
    """Return what the page shows of a hit."""
    facts = []
    if hit.date:
        moment = format_html('<time datetime="{}">{}</time>', hit.date.isoformat(), format_day(hit.date))
        facts.append({"label": _("Date"), "value": moment})
    kicker = " · ".join(filter(None, [kind_label(hit.kind), hit.breadcrumb]))
    return {"title": hit.title, "url": hit.url, "kicker": kicker, "summary": hit.excerpt, "facts": facts}


def _chips(request: HttpRequest, facets: Sequence[Facet]) -> list[dict[str, str]]:
    """Return the chosen filters, each with the address that takes it away."""
    return [
        {"label": option.label, "url": _url_without(request, facet.name, value=option.value)}
        for facet in facets
        for option in facet.options
        if option.selected
    ]


def _url_without(request: HttpRequest, *names: str, value: str | None = None) -> str:
    """Return the current address, from its first page, without parameters or without one value."""
    query = request.GET.copy()
    query.pop("page", None)
    for name in names:
        query.setlist(name, [one for one in query.getlist(name) if value is not None and one != value])
    return f"{request.path}?{query.urlencode()}"
