"""What calendars and readers subscribe to, and what other sites embed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from agenda import ics
from agenda.enums import ANNOUNCED_STATUSES
from agenda.filters import AgendaFilter, narrowed, parse_filter
from agenda.links import read_calendar_token
from agenda.models import CalendarKey, Occurrence, OccurrenceQuerySet, Registration
from agenda.presentation import card_of
from agenda.selectors.calendar import VISITOR, occurrences_within, with_card_details
from agenda.selectors.events import dates_of, event_for_page
from agenda.wording import occurrence_when, place
from portal.core.page_cache import cached_for_visitors
from portal.taxonomy.models import Territory, Theme
from portal.taxonomy.selectors import territory_by_public_code

#: A calendar keeps the last months, so that "when was it?" has an answer.
KEPT = timedelta(days=90)
MOST_DATES = 500
EMBEDDED = 10
#: Any site may frame this one page, which can do nothing there but show links.
EMBEDDED_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"


def _announced(chosen: AgendaFilter) -> OccurrenceQuerySet:
    """Return the dates that anyone may subscribe to: public ones, called-off dates included.

    Whoever asks gets what a visitor may know: the address of a feed goes from hand to hand.
    """
    found = narrowed(occurrences_within(VISITOR), chosen).filter(ends_at__gte=timezone.now() - KEPT)
    return with_card_details(found.order_by("starts_at", "pk"))[:MOST_DATES]


def _calendar(content: bytes, name: str = "agenda") -> HttpResponse:
    return HttpResponse(
        content, content_type=ics.PLAIN_TEXT, headers={"Content-Disposition": f'inline; filename="{name}.ics"'}
    )


def _named(what: object) -> str:
    return _("Agenda – %(name)s") % {"name": what}


def _of_theme(theme: Theme) -> AgendaFilter:
    return AgendaFilter((("theme", (theme.slug,)),))


def _of_territory(territory: Territory) -> AgendaFilter:
    return AgendaFilter((("territoire", (territory.public_code,)),))


def _territory_at(code: str) -> Territory:
    territory = territory_by_public_code(code)
    if territory is None:
        raise Http404
    return territory


@require_safe
@cached_for_visitors("agenda", "taxonomy")
def public_calendar(request: HttpRequest) -> HttpResponse:
    """Give the dates to come, with the filters of the list."""
    return _calendar(ics.feed(_("Agenda"), _announced(parse_filter(request.GET))))


@require_safe
@cached_for_visitors("agenda", "taxonomy")
def theme_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the dates about one theme."""
    theme = get_object_or_404(Theme, slug=slug)
    return _calendar(ics.feed(_named(theme.name), _announced(_of_theme(theme))), slug)


@require_safe
@cached_for_visitors("agenda", "taxonomy")
def territory_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """Give the dates in one territory."""
    territory = _territory_at(code)
    return _calendar(ics.feed(_named(territory), _announced(_of_territory(territory))), code)


@require_safe
@cached_for_visitors("agenda")
def event_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Give one event with all its dates."""
    event = event_for_page(request.user, slug)
    if event is None:
        raise Http404
    dates = list(dates_of(event))
    for occurrence in dates:
        occurrence.event = event
    return _calendar(ics.series(event, dates), slug)


@require_safe
@never_cache
def own_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Give the dates for which one member is registered, behind an address that they can end."""
    read = read_calendar_token(token)
    key = CalendarKey.objects.filter(user=read[0], key=read[1]).select_related("user").first() if read else None
    if key is None or not key.user.is_member:
        raise Http404
    sessions = Registration.objects.seated().filter(user=key.user).values("session__occurrence_id")
    found = Occurrence.objects.filter(pk__in=sessions, ends_at__gte=timezone.now() - KEPT)
    found = with_card_details(found.filter(event__status__in=[*ANNOUNCED_STATUSES, "cancelled"]).order_by("starts_at"))
    return _calendar(ics.feed(_("My registrations"), found[:MOST_DATES]))


@dataclass(frozen=True)
class Subscribed:
    """What one address of the feed tells of: its title, its page, the filter of its dates."""

    title: str
    link: str
    chosen: AgendaFilter


class AgendaFeed(Feed):
    """The next dates, for readers of feeds: all of them, or those that the filters of the list let through."""

    feed_type = Rss201rev2Feed
    description = gettext_lazy("The Session Labs and the meetings of the community.")

    def get_object(self, request: HttpRequest) -> Subscribed:
        """Return what the address asks for."""
        chosen = parse_filter(request.GET)
        query = chosen.query()
        return Subscribed(_("Agenda"), f"{reverse('agenda:index')}{f'?{query}' if query else ''}", chosen)

    def title(self, obj: Subscribed) -> str:
        """Return the title of the feed."""
        return obj.title

    def link(self, obj: Subscribed) -> str:
        """Return the page of the same dates."""
        return obj.link

    def items(self, obj: Subscribed) -> OccurrenceQuerySet:
        """Return the next public dates."""
        found = narrowed(occurrences_within(VISITOR).upcoming(), obj.chosen).order_by("starts_at", "pk")
        return with_card_details(found)[:50]

    def item_title(self, item: Occurrence) -> SafeString | str:
        """Return the title of a date; one that is called off says so, since readers show little else."""
        return _("Called off: %(title)s") % {"title": item.shown_title} if item.is_cancelled else item.shown_title

    def item_description(self, item: Occurrence) -> str:
        """Return when, where and what about, in one paragraph."""
        parts = [occurrence_when(item), place(item), item.event.summary]
        return ". ".join(part.rstrip(".") for part in parts if part) + "."

    def item_link(self, item: Occurrence) -> str:
        """Return the address of a date."""
        return item.get_absolute_url()

    def item_guid(self, item: Occurrence) -> str:
        """Return what tells two items apart for ever."""
        return f"{item.event.uid}-{item.original_day}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: Occurrence) -> Any:
        """Return when the event was published."""
        return item.event.published_at


class ThemeFeed(AgendaFeed):
    """The next dates about one theme."""

    def get_object(self, request: HttpRequest, slug: str) -> Subscribed:  # type: ignore[override]
        """Return the theme's dates; raises Http404 for a theme that there is not."""
        theme = get_object_or_404(Theme, slug=slug)
        return Subscribed(_named(theme.name), theme.get_absolute_url(), _of_theme(theme))


class TerritoryFeed(AgendaFeed):
    """The next dates in one territory."""

    def get_object(self, request: HttpRequest, code: str) -> Subscribed:  # type: ignore[override]
        """Return the territory's dates; raises Http404 for a territory that there is not."""
        territory = _territory_at(code)
        return Subscribed(_named(territory), territory.get_absolute_url(), _of_territory(territory))


feed, theme_feed, territory_feed = (
    require_safe(cached_for_visitors("agenda", "taxonomy")(made())) for made in (AgendaFeed, ThemeFeed, TerritoryFeed)
)


@require_safe
@xframe_options_exempt
@cached_for_visitors("agenda", "taxonomy")
def embedded(request: HttpRequest) -> HttpResponse:
    """Show the next dates inside another site's frame: links alone, no script, no cookie, no form."""
    chosen = parse_filter(request.GET)
    found = with_card_details(narrowed(occurrences_within(VISITOR).upcoming(), chosen).order_by("starts_at", "pk"))
    query = chosen.query()
    index = reverse("agenda:index")
    context = {
        "cards": [card_of(occurrence) for occurrence in found[:EMBEDDED]],
        "list_url": f"{index}?{query}" if query else index,
    }
    response = render(request, "agenda/embedded.html", context)
    # Written here rather than by a decorator: it stays with the page in the page cache.
    response["Content-Security-Policy"] = EMBEDDED_POLICY
    return response
