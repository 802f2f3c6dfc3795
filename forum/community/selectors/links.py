"""The things that messages link to: found in search by their address, shown to who may see them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.accounts.rules import AnyUser
from search.api import tokens_for
from search.models import SearchDocument
from search.selectors import kind_label
from search.sources import sources

#: Cards under one message; more would hide the text.
MOST_CARDS = 4
#: A discussion has no card: its own address says what it is.
WITHOUT_CARD = frozenset({"discussion", "member"})


@dataclass(frozen=True)
class LinkCard:
    """What a card shows of a thing: what it is, its name and its address."""

    key: str
    kind: str
    kind_label: str
    title: str
    url: str
    summary: str


def document_keys(paths: Sequence[str], *, reader: AnyUser) -> list[str]:
    """Return the keys of what stands at ``paths`` for ``reader``, in the order of the paths."""
    held = tokens_for(reader)
    rows = SearchDocument.objects.filter(url__in=paths).order_by().values_list("url", "key", "audience")
    found = {url: key for url, key, audience in rows if not held.isdisjoint(audience.split())}
    keys = (found[path] for path in paths if path in found)
    return [key for key in keys if key.partition(":")[0] not in WITHOUT_CARD][:MOST_CARDS]


def cards_of(keys: Iterable[str], *, reader: AnyUser) -> Mapping[str, LinkCard]:
    """Return the card of each of ``keys`` that ``reader`` may see now: by the index, then by the thing itself."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    held = tokens_for(reader)
    rows = SearchDocument.objects.filter(key__in=wanted).order_by()
    cards = {
        row.key: LinkCard(row.key, row.kind, kind_label(row.kind), row.title, row.url, row.summary)
        for row in rows.only("key", "kind", "title", "url", "summary", "audience")
        if row.kind in sources and not held.isdisjoint(row.audience.split())
    }
    for kind in {card.kind for card in cards.values()}:
        own = {key: key.partition(":")[2] for key, card in cards.items() if card.kind == kind}
        visible = sources.get(kind).visible(reader, own.values())
        cards = {key: card for key, card in cards.items() if card.kind != kind or own[key] in visible}
    return cards
