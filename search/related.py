"""What resembles a text or an object, among what a reader may see: “See also”, questions already asked."""

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


def similar_to_text(text: str, *, user: AnyUser, kinds: Sequence[str] = (), limit: int = 3) -> list[Hit]:
    """Return what ``user`` may see that resembles ``text``, closest first.

    ``kinds`` narrows to those kinds of document; empty means all. Any text is valid; nothing is
    returned rather than what shares but an ordinary word with it.
    """
    return _similar(text, user=user, kinds=kinds, limit=limit)


def similar_to(obj: Model, *, user: AnyUser, kinds: Sequence[str] = (), limit: int = 3) -> list[Hit]:
    """Return what ``user`` may see that resembles ``obj``, without ``obj`` itself.

    ``obj`` is compared by the public text of its document; one that is not in the index
    resembles nothing.
    """
    keys = [source.key_of(obj.pk) for source in sources_of(type(obj))]
    return similar_to_key(keys[0], user=user, kinds=kinds, limit=limit) if keys else []


def similar_to_key(key: str, *, user: AnyUser, kinds: Sequence[str] = (), limit: int = 3) -> list[Hit]:
    """Return what ``user`` may see that resembles the document of ``key``, without itself."""
    row = SearchDocument.objects.filter(key=key).first()
    if row is None:
        return []
    # The title twice: it says what the rest is about.
    text = f"{row.title}\n{row.title}\n{row.summary}\n{row.body}"
    return _similar(text, user=user, kinds=kinds, limit=limit, excluded=frozenset({key}))


def _similar(
    text: str, *, user: AnyUser, kinds: Sequence[str], limit: int, excluded: frozenset[str] = frozenset()
) -> list[Hit]:
    request = SimilarRequest(text, tokens_for(user), tuple(kinds), excluded, limit + SPARE)
    keys = still_visible(user, get_engine().similar(request))[:limit]
    rows = {row.key: row for row in SearchDocument.objects.filter(key__in=keys).defer("body", "members_body")}
    return [Hit(key, row.kind, row.title, row.url, row.summary) for key in keys if (row := rows.get(key))]
