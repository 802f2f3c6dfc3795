"""What everyone reads: the list, an event, its restitution, its files."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agenda.enums import RegistrationMode
from agenda.filters import AgendaFilter, parse_filter
from agenda.links import absolute_url, as_webcal
from agenda.models import Event
from agenda.notification_kinds import group_of
from agenda.presentation import card_of, date_badges, other_date, session_card, side_facts
from agenda.selectors.calendar import Reach, choices_for, occurrences_found, reach_of, with_card_details
from agenda.selectors.events import (
    accesses_for,
    dates_of,
    document_at,
    documents_of,
    event_for_page,
    event_page,
    occurrence_to_show,
    participant_document,
    registrations_of,
    sessions_of,
    with_subjects,
)
from agenda.structured import structured_data
from agenda.views.registration import registration_at
from portal.accounts.models import User
from portal.accounts.rules import AnyUser, is_member
from portal.core.dates import format_day
from portal.core.page_cache import cached_for_visitors
from portal.core.remember import remembered
from portal.notifications.services import mark_seen

PAGE_SIZE = 20
#: Other dates of a series that its page lists.
SHOWN_DATES = 12


@require_safe
@cached_for_visitors("agenda", "taxonomy")
def index(request: HttpRequest) -> HttpResponse:
    """List the dates to come, or those that are over, with filters and pages."""
    chosen = parse_filter(request.GET)
    page = dates_page(reach_of(request.user), chosen, request.GET.get("page", "")[:6])
    context = {
        "chosen": chosen,
        "page": page,
        "cards": page.object_list,
        "day": format_day(chosen.day, with_weekday=True) if chosen.day else "",
        **filter_context(request, chosen),
    }
    return render(request, "agenda/index.html", context)


@remembered("agenda", "taxonomy")
def dates_page(reach: Reach, chosen: AgendaFilter, number: str) -> Page:
    """Return one page of the cards of dates."""
    page = Paginator(with_card_details(occurrences_found(reach, chosen)), PAGE_SIZE).get_page(number)
    page.object_list = [card_of(occurrence) for occurrence in page.object_list]
    return page


def filter_context(request: HttpRequest, chosen: AgendaFilter) -> dict[str, Any]:
    """Return the filters, the active ones, and the ways to look at the agenda, for any of its pages."""
    choices = choices_for(reach_of(request.user), past=chosen.past)
    offered = {
        "type": (_("Kind"), choices.kinds),
        "theme": (_("Theme"), choices.themes),
        "territoire": (_("Territory"), choices.territories),
        "public": (_("Audience"), choices.audiences),
        "mode": (_("How one takes part"), choices.modes),
    }
    facets = [
        {"name": name, "label": label, "options": _options(values, chosen.values(name))}
        for name, (label, values) in offered.items()
        if values
    ]
    return {
        "facets": facets,
        "chips": _chips(request, facets),
        "views": view_links(request, chosen),
        "feed_query": chosen.query(),
        "webcal_url": webcal_url(chosen.query()),
    }


def webcal_url(query: str) -> str:
    """Return the address by which a calendar subscribes to the dates of a filter."""
    address = as_webcal(absolute_url("agenda:calendar"))
    return f"{address}?{query}" if query else address


def _options(values: list[tuple[str, str]], selected: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"value": value, "label": label, "selected": value in selected} for value, label in values]


def _chips(request: HttpRequest, facets: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the active filters, each with the address that removes it alone."""
    chips = []
    for facet in facets:
        for option in (option for option in facet["options"] if option["selected"]):
            query = request.GET.copy()
            query.pop("page", None)
            name = facet["name"]
            query.setlist(name, [value for value in query.getlist(name) if value != option["value"]])
            url = f"{request.path}?{query.urlencode()}" if query else request.path
            chips.append({"label": option["label"], "url": url})
    return chips


def view_links(request: HttpRequest, chosen: AgendaFilter) -> list[dict[str, Any]]:
    """Return the ways to look at the same dates, each keeping the filters."""
    query = chosen.query()
    names = {
        "agenda:index": _("List"),
        "agenda:this_month": _("Month"),
        "agenda:this_week": _("Week"),
        "agenda:map": _("Map"),
    }
    current = request.resolver_match.view_name if request.resolver_match else ""
    current = {"agenda:month": "agenda:this_month", "agenda:week": "agenda:this_week"}.get(current, current)
    return [
        {"label": label, "url": f"{reverse(name)}?{query}" if query else reverse(name), "current": name == current}
        for name, label in names.items()
    ]


@require_safe
@cached_for_visitors("agenda", "places", "taxonomy", "directory", "sheets", "glossary")
def event_detail(request: HttpRequest, slug: str, day: str = "") -> HttpResponse:
    """Show one event: the date of the address, or the one that a reader is most likely to mean."""
    wanted = _day(day)
    user = request.user
    context = event_context(user, slug, wanted) if user.is_authenticated else _public_event_context(slug, wanted)
    if context is None:
        raise Http404
    if is_member(user):
        mark_seen(user=cast("User", user), group=group_of(context["event"]))
    return render(request, "agenda/event_detail.html", context)


@remembered("agenda", "places", "taxonomy", "directory", "sheets")
def _public_event_context(slug: str, day: date | None) -> dict[str, Any] | None:
    return event_context(AnonymousUser(), slug, day)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


def event_context(user: AnyUser, slug: str, day: date | None) -> dict[str, Any] | None:
    """Return what the page of an event shows to this reader; None where there is no such page for them."""
    page = event_page(user, slug, day)
    if page is None:
        return None
    event, occurrence, sessions = page.event, page.occurrence, page.sessions
    own = registrations_of(user, occurrence) if occurrence else {}
    accesses = accesses_for(user, event)
    is_confirmed_online = any(one.is_confirmed and one.attending == "visio" for one in own.values())
    shows_link = occurrence is not None and is_confirmed_online and not occurrence.is_cancelled
    return {
        "event": event,
        "search_key": f"event:{event.pk}",
        "occurrence": occurrence,
        "badges": date_badges(occurrence) if occurrence else [],
        "facts": side_facts(occurrence, event),
        "theme_tags": [{"label": theme.name, "url": theme.get_absolute_url()} for theme in event.themes.all()],
        "sessions": [
            session_card(session, own.get(session.pk), may_register=session.plan.access in accesses)
            for session in sessions
        ],
        "has_registration": event.registration_mode == RegistrationMode.INTERNAL,
        "open_sessions": [session for session in sessions if session.is_open() and session.plan.access in accesses],
        "online_url": occurrence.shown_online_url if occurrence and shows_link else "",
        "documents": documents_of(user, event, occurrence) if page.has_files else [],
        "other_dates": [other_date(other) for other in page.dates if other != occurrence][:SHOWN_DATES],
        "may_edit": Event.objects.editable_by(user).filter(pk=event.pk).exists(),
        "structured": structured_data(event, occurrence) if occurrence else "",
    }


@require_safe
@cached_for_visitors("agenda", "places")
def register_event(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead to the form of the only part that is open, or to the parts of the event's page."""
    event = event_for_page(request.user, slug)
    if event is None:
        raise Http404
    occurrence = occurrence_to_show(event, None)
    accesses = accesses_for(request.user, event)
    sessions = sessions_of(occurrence) if occurrence else []
    found = [one for one in sessions if one.is_open() and one.plan.access in accesses]
    if len(found) == 1:
        return redirect(found[0].get_registration_url())
    return redirect(f"{event.get_absolute_url()}#seances")


@require_safe
@cached_for_visitors("agenda", "directory", "glossary")
def report(request: HttpRequest, slug: str, day: str = "") -> HttpResponse:
    """Show what came out of a date."""
    event = event_for_page(request.user, slug)
    if event is None:
        raise Http404
    reported = dates_of(event).exclude(report_published_at=None).order_by("-starts_at", "-pk")
    found = reported.filter(original_day=_day(day)).first() if day else reported.first()
    if found is None:
        raise Http404
    found.event = event
    context = {
        "event": event,
        "occurrence": found,
        "sessions": with_subjects(sessions_of(found)),
        "documents": documents_of(request.user, event, found),
        "facts": side_facts(found, event),
    }
    return render(request, "agenda/report.html", context)


@require_safe
@never_cache
def document(request: HttpRequest, uid: UUID, name: str) -> FileResponse:
    """Serve an event's file to those who may read it; to others it does not exist.

    Somebody without an account shows a registration: its page gives the address with the token of its link.
    """
    found = document_at(request.user, uid)
    if found is None and (token := request.GET.get("inscription")):
        found = participant_document(registration_at(token), uid)
    if found is None:
        raise Http404
    try:
        opened = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(opened, as_attachment=True, filename=f"{slugify(found.title)}.{found.format.lower()}")
