"""Reads of search: what a reader asked, found and may see, ready to be shown."""

import datetime
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import AnyUser
from portal.core.remember import remembered
from portal.taxonomy.models import Territory, Theme
from search.engines import get_engine
from search.engines.base import SearchRequest, SearchResult, Sort
from search.engines.database.words import facets_of
from search.enums import MEMBERS
from search.highlighting import excerpt, mark
from search.models import SearchDocument, UnansweredQuestion
from search.sources import (
    TERRITORY_PREFIXES,
    label_providers,
    register_labels,
    sources,
    territory_key,
    tokens_for,
    visible_keys,
)

logger = logging.getLogger(__name__)

MAX_OPTIONS = 12
SHOWN_FROM = 3
FACET_LABELS: Mapping[str, Promise] = {
    "type": _("Type"),
    "theme": _("Theme"),
    "territoire": _("Territory"),
    "appel": _("Call for projects"),
    "annee": _("Year"),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found; ``title`` and ``excerpt`` are escaped, with the words found in <mark>."""

    key: str
    kind: str
    title: SafeString
    excerpt: SafeString
    url: str
    date: datetime.date | None
    breadcrumb: str


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
    hits: Sequence[Hit]
    facets: Sequence[Facet]


def search_site(
    *,
    user: AnyUser,
    text: str,
    chosen: Mapping[str, tuple[str, ...]],
    page: int = 1,
    page_size: int = 10,
    sort: Sort = Sort.RELEVANCE,
    corrected: bool = True,
) -> Found:
    """Search what ``user`` may see for ``text``, narrowed by the ``chosen`` facet values.

    Where ``corrected``, a word that nothing says is replaced by a near one.
    """
    tokens = tokens_for(user)
    result = get_engine().search(SearchRequest(text, tokens, chosen, page, page_size, sort, corrected))
    # Whose members' text is nobody else's is not even read.
    unread = ["keywords", "digest"] if MEMBERS in tokens else ["keywords", "digest", "members_body"]
    rows = {row.key: row for row in SearchDocument.objects.filter(key__in=result.keys).order_by().defer(*unread)}
    readable = [key for key in result.keys if key in rows and not tokens.isdisjoint(rows[key].audience.split())]
    seen = still_visible(user, readable)
    result = _without(result, seen, rows)
    return Found(result, [_hit(rows[key], tokens, result.stems) for key in seen], _facets(result.facets, chosen))


def _without(result: SearchResult, seen: Sequence[str], rows: Mapping[str, SearchDocument]) -> SearchResult:
    """Return ``result`` without what is not ``seen``: neither total nor facets count what is not shown."""
    dropped = [key for key in result.keys if key not in set(seen)]
    if not dropped:
        return result
    facets = {name: Counter(counts) for name, counts in result.facets.items()}
    for key in dropped:
        for one in facets_of(rows[key]) if key in rows else ():
            name, _equals, value = one.partition("=")
            facets[name][value] -= 1
    return replace(
        result,
        keys=seen,
        total=result.total - len(dropped),
        facets={name: +counts for name, counts in facets.items()},
    )


def _hit(row: SearchDocument, tokens: frozenset[str], stems: frozenset[str]) -> Hit:
    """Return what is shown of a document, its members' text being quoted for members alone."""
    texts = [row.summary, row.body, *([row.members_body] if MEMBERS in tokens else [])]
    title, lines = mark(row.title, stems), excerpt(texts, stems)
    return Hit(row.key, row.kind, title, lines, row.url, row.date, row.breadcrumb)


def still_visible(user: AnyUser, keys: Sequence[str]) -> list[str]:
    """Check ``keys`` against their own models, in order: the index may be a moment late."""
    seen = visible_keys(user, keys)
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
    if name == "annee":
        return {value: value for value in values if value.isdigit()}
    known = label_providers[name]() if name in label_providers else {}
    return {value: known[value] for value in values if value in known}


@register_labels("theme")
@remembered("taxonomy")
def theme_labels() -> Mapping[str, str]:
    """Return the names of all themes by their facet values."""
    return dict(Theme.objects.order_by().values_list("slug", "name"))


@register_labels("territoire")
@remembered("taxonomy")
def territory_labels() -> Mapping[str, str]:
    """Return the names of the régions and départements by their facet values."""
    offered = Territory.objects.filter(level__in=TERRITORY_PREFIXES).order_by().only("level", "code", "name")
    return {territory_key(territory): str(territory) for territory in offered}


def unanswered_questions() -> QuerySet[UnansweredQuestion]:
    """Return the questions that found nothing at least ``SHOWN_FROM`` times: one asked once may tell of one person."""
    return UnansweredQuestion.objects.filter(times__gte=SHOWN_FROM)
