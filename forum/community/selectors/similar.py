"""Discussions that resemble what somebody is about to ask, and sheets to link one to."""

from collections.abc import Sequence

from portal.accounts.rules import AnyUser
from search.api import Hit, similar_to_text

SHOWN = 3
#: Fewer signs find anything and mean nothing.
SHORTEST = 8
LONGEST = 200


def similar_discussions(text: str, *, user: AnyUser) -> Sequence[Hit]:
    """Return up to three discussions close to ``text`` that ``user`` reads."""
    text = text.replace("\0", "")
    if len(text.strip()) < SHORTEST:
        return ()
    return similar_to_text(text[:LONGEST], user=user, kinds=("discussion",), limit=SHOWN)


def things_to_link(text: str, *, user: AnyUser, limit: int = 8) -> Sequence[Hit]:
    """Return the sheets that ``user`` sees and whose words are those of ``text``."""
    if not text.strip():
        return ()
    return similar_to_text(text[:LONGEST], user=user, kinds=("sheet",), limit=limit)
