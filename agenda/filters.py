"""What the address of the agenda asks for: filters shared by the list, the calendars and the map.

Within one filter the choices add up (either theme); between filters they narrow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode

from agenda.enums import EventKind, Mode
from agenda.models import Event, OccurrenceQuerySet
from portal.taxonomy.models import Audience, Territory, Theme

#: Names of the filters in the address, in the order of the page.
NAMES = ("type", "theme", "territoire", "public", "mode")
MOST_VALUES = 20


@dataclass(frozen=True)
class AgendaFilter:
    """What the address asks for; values that mean nothing are dropped, never an error.

    Hashable: what is found for a visitor is remembered by it.
    """

    chosen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    past: bool = False
    day: date | None = None

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values chosen in one filter."""
        return dict(self.chosen).get(name, ())

    @property
    def is_active(self) -> bool:
        """Whether anything narrows the agenda."""
        return bool(self.chosen or self.day)

    def query(self, **others: str) -> str:
        """Return the query string of this filter, with ``others`` that are not empty."""
        pairs = [(name, value) for name, values in self.chosen for value in values]
        pairs += [("passes", "1")] if self.past else []
        pairs += [(name, value) for name, value in others.items() if value]
        return urlencode(pairs)


def parse_filter(data: QueryDict | Mapping[str, Any]) -> AgendaFilter:
    """Read the filter from the query string, without asking the database."""
    lists = {name: _clean(data.getlist(name) if isinstance(data, QueryDict) else data.get(name, [])) for name in NAMES}
    lists["type"] = tuple(value for value in lists["type"] if value in EventKind.values)
    lists["mode"] = tuple(value for value in lists["mode"] if value in {Mode.ON_SITE, Mode.ONLINE})
    try:
        day = date.fromisoformat(str(data.get("jour", ""))[:10])
    except ValueError:
        day = None
    chosen = tuple((name, lists[name]) for name in NAMES if lists[name])
    return AgendaFilter(chosen, past=data.get("passes") == "1", day=day)


def _clean(values: Sequence[str]) -> tuple[str, ...]:
    """Keep short distinct values that a database accepts, in one order."""
    kept = {value for value in values if value and len(value) <= 80 and "\x00" not in value}
    return tuple(sorted(kept)[:MOST_VALUES])


@dataclass(frozen=True)
class Words:
    """The shared words that a filter names, read once."""

    themes: list[Theme] = field(default_factory=list)
    territories: list[Territory] = field(default_factory=list)
    audiences: list[Audience] = field(default_factory=list)


def words_of(chosen: AgendaFilter) -> Words:
    """Return the themes, territories and audiences that the address names; a query for each kind named."""
    themes, codes, audiences = (chosen.values(name) for name in ("theme", "territoire", "public"))
    return Words(
        list(Theme.objects.filter(slug__in=themes)) if themes else [],
        list(Territory.objects.with_public_codes(codes)) if codes else [],
        list(Audience.objects.filter(slug__in=audiences)) if audiences else [],
    )


def narrowed(occurrences: OccurrenceQuerySet, chosen: AgendaFilter) -> OccurrenceQuerySet:
    """Keep the dates that the filter lets through; past or to come is the caller's choice."""
    words = words_of(chosen)
    if kinds := chosen.values("type"):
        occurrences = occurrences.filter(event__kind__in=kinds)
    if modes := chosen.values("mode"):
        occurrences = occurrences.filter(event__mode__in=[*modes, Mode.BOTH])
    if chosen.values("theme"):
        below = Theme.objects.filter(parent__in=words.themes).values_list("pk", flat=True)
        ids = [*(theme.pk for theme in words.themes), *below]
        on_theme = Event.themes.through.objects.filter(theme__in=ids).values("event_id")
        occurrences = occurrences.filter(event__in=on_theme)
    if chosen.values("territoire"):
        occurrences = occurrences.filter(event__territory__in=Territory.objects.touching(words.territories).order_by())
    if chosen.values("public"):
        for_them = Event.audiences.through.objects.filter(audience__in=words.audiences).values("event_id")
        occurrences = occurrences.filter(event__in=for_them)
    if chosen.day is not None:
        occurrences = occurrences.filter(local_day__lte=chosen.day, local_end_day__gte=chosen.day)
    return occurrences
