"""Reads of search: what a reader asked, found and may see, ready to be shown."""

import logging
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import AnyUser
from portal.taxonomy.models import Territory, Theme
from search.engines import get_engine
from search.engines.base import Hit, SearchRequest, SearchResult
from search.sources import TERRITORY_PREFIXES, sources, territory_key, tokens_for

logger = logging.getLogger(__name__)

MAX_OPTIONS = 12
FACET_LABELS: Mapping[str, Promise] = {"type": _("Type"), "theme": _("Theme"), "territoire": _("Territory")}


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a facet, with the number of documents that choosing it would show."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet as the page offers it."""

    name: str
    label: str
    options: Sequence[Option]


@dataclass(frozen=True, slots=True)
class Found:
    """An answer for one reader: every hit has been checked against the reader's rights of now."""

    result: SearchResult
    facets: Sequence[Facet]


def search_site(
    *, user: AnyUser, text: str, chosen: Mapping[str, tuple[str, ...]], page: int = 1, page_size: int = 10
) -> Found:
    """Search what ``user`` may see for ``text``, narrowed by the ``chosen`` facet values."""
    request = SearchRequest(text, tokens_for(user), chosen, page, page_size)
    result = get_engine().search(request)
    hits = _still_visible(user, result.hits)
    total = result.total - (len(result.hits) - len(hits))
    return Found(replace(result, hits=hits, total=total), _facets(result.facets, chosen))


def _still_visible(user: AnyUser, hits: Sequence[Hit]) -> list[Hit]:
    kept = set(still_visible(user, [hit.key for hit in hits]))
    return [hit for hit in hits if hit.key in kept]


def still_visible(user: AnyUser, keys: Sequence[str]) -> list[str]:
    """Check ``keys`` against their own models, in order: the index may be a moment late."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        kind, _colon, pk = key.partition(":")
        by_kind[kind].append(pk)
    seen = {
        sources.get(kind).key_of(pk)
        for kind, ids in by_kind.items()
        if kind in sources
        for pk in sources.get(kind).visible(user, ids)
    }
    for key in keys:
        if key not in seen:
            logger.warning("search: %s is in the index and no longer visible", key)
    return [key for key in keys if key in seen]


def kind_label(kind: str) -> str:
    """Return what people call a kind of document."""
    return str(sources.get(kind).label)


def _facets(counts: Mapping[str, Counter[str]], chosen: Mapping[str, tuple[str, ...]]) -> list[Facet]:
    """Return the facets that offer something, most frequent values first, chosen ones always."""
    facets = []
    for name, label in FACET_LABELS.items():
        selected = set(chosen.get(name, ()))
        # A chosen value that counts nothing stays, so that it can be taken away.
        counted = dict.fromkeys(selected, 0) | counts.get(name, Counter())
        frequent = sorted(counted, key=lambda value: (value not in selected, -counted[value], value))[:MAX_OPTIONS]
        labels = _labels(name, frequent)
        options = [
            Option(value, labels[value], counted[value], value in selected)
            for value in sorted(frequent, key=lambda value: (-counted[value], labels.get(value, "")))
            if value in labels
        ]
        if options:
            facets.append(Facet(name, str(label), options))
    return facets


def _labels(name: str, values: Sequence[str]) -> dict[str, str]:
    """Return the label of each value that still exists."""
    if not values:
        return {}
    if name == "type":
        return {value: kind_label(value) for value in values if value in sources}
    if name == "theme":
        return dict(Theme.objects.filter(slug__in=values).order_by().values_list("slug", "name"))
    return {territory_key(territory): str(territory) for territory in _territories(values)}


def _territories(values: Sequence[str]) -> Sequence[Territory]:
    levels = {prefix: level for level, prefix in TERRITORY_PREFIXES.items()}
    wanted = Q(pk__in=[])
    for value in values:
        prefix, _dash, code = value.partition("-")
        if prefix in levels:
            wanted |= Q(level=levels[prefix], code=code)
    return list(Territory.objects.filter(wanted).order_by().only("level", "code", "name"))
