"""Discussions that resemble what somebody is about to ask."""

from collections.abc import Sequence

from portal.accounts.rules import AnyUser
from search.selectors import Hit, search_site

SHOWN = 3
#: Fewer signs find anything and mean nothing.
SHORTEST = 8


def similar_discussions(text: str, *, user: AnyUser) -> Sequence[Hit]:
    """Return up to three discussions close to ``text`` that ``user`` reads."""
    if len(text.strip()) < SHORTEST:
        return ()
    return search_site(user=user, text=text[:200], chosen={"type": ("discussion",)}, page_size=SHOWN).hits


def things_to_link(text: str, *, user: AnyUser, limit: int = 8) -> Sequence[Hit]:
    """Return the sheets that ``user`` sees and whose words are those of ``text``."""
    if not text.strip():
        return ()
    return search_site(user=user, text=text[:200], chosen={"type": ("sheet",)}, page_size=limit).hits
