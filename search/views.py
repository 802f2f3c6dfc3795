"""The search page, and what completes a question being typed."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.accounts.rules import is_member
from portal.core.dates import format_day
from portal.core.throttle import client_address, take_turn
from search.addresses import chosen_sort, url_with, url_without
from search.analysis import clean_text
from search.engines.base import MOST_SHOWN, Match, Sort
from search.engines.question import corrected_text
from search.forms import MAX_QUESTION_LENGTH, chosen_facets, page_number, question_form
from search.selectors import Facet, Found, Hit, kind_label, search_site
from search.services import note_unanswered
from search.suggestions import complete

PAGE_SIZE = 10
UNANSWERED_AN_HOUR = 20


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Show what the reader may see of what was asked; without a question, how to ask."""
    form = question_form(request.GET)
    question = form.cleaned_data["q"] if form.is_valid() else ""
    context: dict[str, Any] = {"form": form, "question": question}
    if question:
        context |= _results(request, question)
        if not context["total"] and not context["is_narrowed"]:
            _note_unanswered(request, question)
    response = render(request, "search/search.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _results(request: HttpRequest, question: str) -> dict[str, Any]:
    chosen, sort = chosen_facets(request.GET), chosen_sort(request.GET)
    found = search_site(
        user=request.user,
        text=question,
        chosen=chosen,
        page=page_number(request.GET),
        page_size=PAGE_SIZE,
        sort=sort,
        corrected="exact" not in request.GET,
    )
    result = found.result
    return {
        "rows": [_row(hit) for hit in found.hits],
        "total": result.total,
        "page": Paginator(range(min(result.total, MOST_SHOWN)), PAGE_SIZE).get_page(result.page),
        "is_cut": result.total > MOST_SHOWN,
        "facets": found.facets,
        "chips": _chips(request, found.facets),
        "kept": [
            {"name": name, "value": value} for name in ("tri", "exact") for value in request.GET.getlist(name)[:1]
        ],
        "sorts": _sorts(request, sort),
        "reset_url": url_without(request, *chosen),
        "is_narrowed": any(chosen.values()),
        "is_partial": result.total and result.match is not Match.ALL,
        "is_degraded": result.degraded,
        "saved_values": [{"name": name, "value": value} for name, values in chosen.items() for value in values]
        if is_member(request.user)
        else None,
        **_spelling(request, question, found),
    }


def _note_unanswered(request: HttpRequest, question: str) -> None:
    """Count a question without a result, some an hour from one address."""
    if take_turn("search-unanswered", client_address(request), limit=UNANSWERED_AN_HOUR, seconds=3_600):
        note_unanswered(question)


def _spelling(request: HttpRequest, question: str, found: Found) -> dict[str, Any]:
    """Return the question as it was understood, or as it may have been meant, each with its address."""
    result = found.result
    if result.corrections:
        corrected = corrected_text(question, result.corrections)
        return {"corrected": corrected, "exact_url": url_with(request, exact="1")}
    if result.suggestions:
        meant = corrected_text(question, result.suggestions)
        return {"meant": meant, "meant_url": url_with(request, q=meant, exact="")}
    return {}


def _sorts(request: HttpRequest, sort: Sort) -> list[dict[str, Any]]:
    labels = {Sort.RELEVANCE: _("Relevance"), Sort.DATE: _("Most recent first")}
    return [
        {"label": label, "url": url_with(request, tri="" if one is Sort.RELEVANCE else one), "current": one is sort}
        for one, label in labels.items()
    ]


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
        {"label": option.label, "url": url_without(request, facet.name, value=option.value)}
        for facet in facets
        for option in facet.options
        if option.selected
    ]


@require_safe
@cache_control(private=True, max_age=60)
def suggestions(request: HttpRequest) -> HttpResponse:
    """Complete a question: for the box of the search page, and as browsers ask it (``format=opensearch``)."""
    typed = clean_text(request.GET.get("q", ""))[:MAX_QUESTION_LENGTH]
    found = complete(typed, user=request.user)
    if request.GET.get("format") == "opensearch":
        questions = [*found.questions, *(title.title for title in found.titles)]
        return JsonResponse([typed, questions], safe=False, content_type="application/x-suggestions+json")
    titles = [{"title": one.title, "kind": one.kind, "url": one.url} for one in found.titles]
    return JsonResponse({"questions": found.questions, "titles": titles})


@require_safe
@cache_control(public=True, max_age=86_400)
def opensearch(request: HttpRequest) -> HttpResponse:
    """Describe the search of the portal to browsers (OpenSearch 1.1)."""
    context = {"root": request.build_absolute_uri("/").rstrip("/")}
    return render(
        request, "search/opensearch.xml", context, content_type="application/opensearchdescription+xml; charset=utf-8"
    )
