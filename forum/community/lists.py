"""Pages of lists, as rows.

What all readers of the same spaces find alike is made once by each process, until something that it
shows changes; what a member has not read is marked afterwards, on rows of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator

from forum.community.models import Discussion, DiscussionQuerySet, Space
from forum.community.page_cache_rules import AREAS
from forum.community.presentation import DiscussionRow, rows_for
from forum.community.selectors import discussions as reads
from forum.machina_apps.forum_tracking.handler import TrackingHandler
from portal.accounts.rules import AnyUser, is_member
from portal.core.remember import remembered

#: Discussions, or messages, of one page.
PER_PAGE = 20


@dataclass(frozen=True)
class Stamp:
    """What tells whether a member has read a discussion."""

    pk: int
    forum_id: int
    last_post_on: datetime | None


@dataclass(frozen=True)
class ListPage:
    """A page of a list: the row of each of its discussions, and their stamps in the same order."""

    page: Page
    rows: tuple[DiscussionRow, ...]
    stamps: tuple[Stamp, ...]

    def rows_for(self, user: AnyUser) -> list[DiscussionRow]:
        """Return the rows, those that a member has not read marked as new."""
        if not is_member(user):
            return list(self.rows)
        new = {stamp.pk for stamp in TrackingHandler().get_unread_topics(self.stamps, user)}
        pairs = zip(self.rows, self.stamps, strict=True)
        return [replace(row, is_unread=True) if stamp.pk in new else row for row, stamp in pairs]


class KnownCountPaginator(Paginator):
    """A paginator that is told how many there are: counting a large forum costs more than reading a page of it."""

    def __init__(self, *args: Any, count: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.__dict__["count"] = count


def list_page(found: DiscussionQuerySet, number: str, levels: frozenset[str], *, count: int | None = None) -> ListPage:
    """Return a page of ``found`` for who reads the visibilities ``levels``; ``count`` tells how many, where known."""
    query = reads.for_rows(found)
    paginator = Paginator(query, PER_PAGE) if count is None else KnownCountPaginator(query, PER_PAGE, count=count)
    page = paginator.get_page(number)
    return _as_rows(page, list(page.object_list), levels)


def _as_rows(
    page: Page, discussions: Sequence[Discussion], levels: frozenset[str], *, with_space: bool = True
) -> ListPage:
    rows = tuple(rows_for(discussions, levels, with_space=with_space))
    # The rows are kept, and not what they were made of.
    page.object_list = rows
    topics = [discussion.topic for discussion in discussions]
    return ListPage(page, rows, tuple(Stamp(topic.pk, topic.forum_id, topic.last_post_on) for topic in topics))


@remembered(*AREAS)
def page_of_space(here: Space, chosen: reads.ListFilter, number: str, levels: frozenset[str]) -> ListPage:
    """Return a page of the discussions of a space, the reader's right to which is checked."""
    found = reads.ordered(reads.narrowed(reads.in_space(here), chosen), chosen, ranked=True)
    query = reads.for_rows(found, with_space=False)
    count = here.forum.direct_topics_count if chosen.is_whole else found.count()
    page = KnownCountPaginator(query, PER_PAGE, count=count).get_page(number)
    discussions = list(page.object_list)
    for discussion in discussions:
        discussion.topic.forum = here.forum
    return _as_rows(page, discussions, levels, with_space=False)


@remembered(*AREAS)
def page_of_all(spaces: tuple[int, ...], chosen: reads.ListFilter, number: str, levels: frozenset[str]) -> ListPage:
    """Return a page of the discussions of ``spaces``, those that the reader reads."""
    found = reads.ordered(reads.narrowed(Discussion.objects.inside(spaces), chosen), chosen, ranked=False)
    return list_page(found, number, levels, count=reads.discussions_count(spaces) if chosen.is_whole else None)


@remembered(*AREAS)
def page_of_unanswered(spaces: tuple[int, ...], number: str, levels: frozenset[str]) -> ListPage:
    """Return a page of the questions that wait in ``spaces``, those that the reader reads, the oldest first."""
    page = Paginator(reads.unanswered_ids(spaces), PER_PAGE).get_page(number)
    return _as_rows(page, reads.waiting_among(spaces, list(page.object_list)), levels)


@remembered(*AREAS)
def longest_unanswered(spaces: tuple[int, ...], limit: int, levels: frozenset[str]) -> tuple[DiscussionRow, ...]:
    """Return the ``limit`` questions that have waited longest in ``spaces``, those that the reader reads."""
    return tuple(rows_for(reads.waiting_among(spaces, reads.unanswered_ids(spaces)[:limit]), levels))
