"""The agenda on the page of a theme or of a territory: the dates to come."""

from collections import defaultdict
from collections.abc import Mapping

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agenda.filters import AgendaFilter, narrowed
from agenda.links import absolute_url, as_webcal
from agenda.models import Event
from agenda.presentation import card_of
from agenda.selectors.calendar import Reach, occurrences_within, reach_of, with_card_details
from portal.core.remember import remembered
from portal.taxonomy.models import Territory, Theme
from portal.taxonomy.panels import PanelData, TaxonomyPanel, register

SHOWN = 4


@remembered("agenda", "taxonomy")
def next_or_latest(reach: Reach, name: str, value: str) -> PanelData | None:
    """Return the next dates, or the latest where none is to come, to whoever has ``reach``."""
    chosen = AgendaFilter(((name, (value,)),))
    found = narrowed(occurrences_within(reach), chosen)
    dates, past = found.upcoming().order_by("starts_at", "pk"), ""
    total = dates.count()
    if not total:
        dates, past = found.past().order_by("-starts_at", "-pk"), "1"
        total = dates.count()
    if not total:
        return None
    cards = [card_of(one) for one in with_card_details(dates)[:SHOWN]]
    return {"cards": cards, "more_url": f"/agenda/?{chosen.query(passes=past)}" if total > SHOWN else ""}


def _of_theme(request: HttpRequest, theme: Theme) -> PanelData | None:
    data = next_or_latest(reach_of(request.user), "theme", theme.slug)
    return data and {**data, **_subscriptions("theme", theme.slug)}


def _subscriptions(name: str, value: str) -> dict[str, str]:
    """Return the addresses by which one follows these dates without an account."""
    calendar = as_webcal(absolute_url(f"agenda:{name}_calendar", value))
    return {"calendar_url": calendar, "feed_url": reverse(f"agenda:{name}_feed", args=[value])}


def _of_territory(request: HttpRequest, territory: Territory) -> PanelData | None:
    data = next_or_latest(reach_of(request.user), "territoire", territory.public_code)
    return data and {**data, **_subscriptions("territory", territory.public_code)}


def _theme_counts(request: HttpRequest) -> Mapping[int, int]:
    return events_by_theme(reach_of(request.user))


@remembered("agenda", "taxonomy")
def events_by_theme(reach: Reach) -> Mapping[int, int]:
    """Return how many events are to come on each theme, by its id; those of a theme are of the one above too."""
    upcoming = occurrences_within(reach).upcoming().order_by().values("event_id")
    rows = Event.themes.through.objects.filter(event__in=upcoming)
    found: dict[int, set[int]] = defaultdict(set)
    for event, theme, above in rows.values_list("event_id", "theme_id", "theme__parent_id"):
        found[theme].add(event)
        if above:
            found[above].add(event)
    return {theme: len(events) for theme, events in found.items()}


def _count_label(count: int) -> str:
    return ngettext("%(count)s event to come", "%(count)s events to come", count) % {"count": count}


register(
    TaxonomyPanel(
        key="events",
        title=_("Agenda"),
        order=20,
        template="agenda/panels/dates.html",
        of_theme=_of_theme,
        of_territory=_of_territory,
        theme_counts=_theme_counts,
        count_label=_count_label,
        areas=("agenda",),
    )
)
