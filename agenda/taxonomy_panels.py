"""The agenda on the page of a theme or of a territory: the dates to come."""

from collections import defaultdict
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agenda.filters import AgendaFilter, narrowed
from agenda.links import absolute_url, as_webcal
from agenda.presentation import card_of
from agenda.selectors.calendar import occurrences_for, with_card_details
from portal.taxonomy.models import Territory, Theme
from portal.taxonomy.panels import PanelData, TaxonomyPanel, register

SHOWN = 4


def _data(request: HttpRequest, name: str, value: str) -> PanelData | None:
    """Return the next dates, or the latest where none is to come."""
    chosen = AgendaFilter(((name, (value,)),))
    found = narrowed(occurrences_for(request.user), chosen)
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
    data = _data(request, "theme", theme.slug)
    return data and {**data, **_subscriptions("theme", theme.slug)}


def _subscriptions(name: str, value: str) -> dict[str, str]:
    """Return the addresses by which one follows these dates without an account."""
    calendar = as_webcal(absolute_url(f"agenda:{name}_calendar", value))
    return {"calendar_url": calendar, "feed_url": reverse(f"agenda:{name}_feed", args=[value])}


def _of_territory(request: HttpRequest, territory: Territory) -> PanelData | None:
    data = _data(request, "territoire", territory.public_code)
    return data and {**data, **_subscriptions("territory", territory.public_code)}


def _theme_counts(request: HttpRequest) -> dict[int, int]:
    upcoming: Any = occurrences_for(request.user).upcoming().order_by()
    found: dict[int, set[int]] = defaultdict(set)
    for event, theme, parent in upcoming.exclude(event__themes=None).values_list(
        "event_id", "event__themes", "event__themes__parent"
    ):
        found[theme].add(event)
        if parent:
            found[parent].add(event)
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
