"""What resembles a text or an object, among what a reader may see: “See also”, questions already asked."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Model

from portal.accounts.rules import AnyUser
from search.engines import get_engine
from search.engines.base import SimilarRequest
from search.models import SearchDocument
from search.selectors import still_visible
from search.sources import sources_of, tokens_for

#: A few hits more than asked, since the second check may drop some.
SPARE = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that resembles what was given; every value is plain text."""

    key: str
    kind: str
    title: str
    url: str
    summary: str
    date: datetime.date | None = None


def similar_to_text(text: str, *, user: AnyUser, kinds: Sequence[str] = (), limit: int = 3) -> list[Hit]:
    """Return what ``user`` may see that resembles ``text``, closest first.

    ``kinds`` narrows to those kinds of document; empty means all. Any text is valid; nothing is
    returned rather than what shares but an ordinary word with it.
    """
    request = SimilarRequest(text, tokens_for(user), tuple(kinds), limit=limit + SPARE)
    return seen_by(user, _hits(request))[:limit]


def similar_to(obj: Model, *, user: AnyUser, kinds: Sequence[str] = (), limit: int = 3) -> list[Hit]:
    """Return what ``user`` may see that resembles ``obj``, without ``obj`` itself.

    ``obj`` is compared by the public text of its document; one that is not in the index
    resembles nothing.
    """
    keys = [source.key_of(obj.pk) for source in sources_of(type(obj))]
    if not keys:
        return []
    return seen_by(user, likely(keys[0], tokens_for(user), kinds=kinds, limit=limit))[:limit]


def likely(key: str, tokens: frozenset[str], *, kinds: Sequence[str] = (), limit: int = 3) -> list[Hit]:
    """Return what the index says resembles the document of ``key``, for a reader who holds ``tokens``.

    Somewhat more than ``limit``: show what ``seen_by`` keeps of it.
    """
    row = SearchDocument.objects.filter(key=key).first()
    if row is None:
        return []
    # The title twice: it says what the rest is about.
    text = f"{row.title}\n{row.title}\n{row.summary}\n{row.body}"
    return _hits(SimilarRequest(text, tokens, tuple(kinds), frozenset({key}), limit + SPARE))


def seen_by(user: AnyUser, hits: Sequence[Hit]) -> list[Hit]:
    """Return those of ``hits`` that ``user`` may see now: the second check; one query."""
    seen = set(still_visible(user, [hit.key for hit in hits]))
    return [hit for hit in hits if hit.key in seen]


def _hits(request: SimilarRequest) -> list[Hit]:
    keys = get_engine().similar(request)
    shown = (
        SearchDocument.objects.filter(key__in=keys).order_by().only("key", "kind", "title", "url", "summary", "date")
    )
    rows = {row.key: row for row in shown}
    return [Hit(key, row.kind, row.title, row.url, row.summary, row.date) for key in keys if (row := rows.get(key))]
