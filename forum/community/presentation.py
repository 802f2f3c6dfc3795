"""Discussions and messages as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from directory.enums import SEEN_BY_MEMBERS, SEEN_BY_VISITORS
from directory.models import Profile
from directory.people import introduce, photo_url
from forum.community.addresses import message_path
from forum.community.models import Discussion, Space
from forum.community.models.discussions import readable_space_ids
from forum.community.selectors.spaces import spaces_with_latest
from forum.machina_apps.forum_conversation.models import Topic
from portal.accounts.models import User
from portal.accounts.rules import AnyUser, is_member
from portal.core.dates import format_day
from portal.core.money import format_decimal
from portal.core.remember import remembered

Badge = dict[str, str]


def moment(value: datetime | None) -> str:
    """Return a moment as people write it: ``12 mars 2026 à 14 h 30``."""
    if value is None:
        return ""
    here = timezone.localtime(value)
    return _("%(day)s at %(hour)d:%(minute)02d") % {"day": _day(here.date()), "hour": here.hour, "minute": here.minute}


def day_of(value: datetime) -> str:
    """Return the day of a moment: ``12 mars 2026``."""
    return _day(timezone.localtime(value).date())


@lru_cache(maxsize=2_048)
def _day(value: date) -> str:
    # Lists show the same days again and again, and Django's formats are dear.
    return format_day(value)


@dataclass(frozen=True)
class Author:
    """Who wrote a message, as one reader may know them."""

    name: str
    url: str = ""
    job_title: str = ""
    organisation: str = ""
    photo_url: str = ""
    initials: str = ""


def departed() -> Author:
    """Return what stands where the person has left."""
    return Author(_("Former member"))


def anonymous() -> Author:
    """Return what stands where the person did not want to be known."""
    return Author(_("Anonymous member"), initials="?")


def levels_read_by(reader: AnyUser) -> frozenset[str]:
    """Return the visibilities by which the forum shows people to ``reader``: a page is alike for all who hold them."""
    return SEEN_BY_MEMBERS if is_member(reader) else SEEN_BY_VISITORS


class Names:
    """Names the authors of a page to who reads the visibilities ``levels``, each once; all that lists fetch."""

    def __init__(self, levels: frozenset[str]) -> None:
        self.levels = levels
        self._known: dict[int, Author] = {}

    def of(self, poster: User | None, *, is_anonymous: bool) -> Author:
        """Return the author of a message whose poster and their profile are fetched."""
        if poster is None or is_anonymous or not poster.is_active:
            return anonymous() if is_anonymous else departed()
        if poster.pk not in self._known:
            self._known[poster.pk] = self._present(poster.profile, poster)  # type: ignore[attr-defined]
        return self._known[poster.pk]

    def _present(self, profile: Profile, poster: User) -> Author:
        return Author(introduce(profile, self.levels).name)


class Authors(Names):
    """Presents the authors of a discussion with all that these readers may know of them."""

    def __init__(self, levels: frozenset[str], *, with_pages: bool) -> None:
        """``with_pages`` gives the addresses of their pages, which visitors do not open."""
        super().__init__(levels)
        self.with_pages = with_pages

    def _present(self, profile: Profile, poster: User) -> Author:
        known = introduce(profile, self.levels)
        places = getattr(poster, "active_places", ()) if profile.organisations_visibility in self.levels else ()
        listed = [place.organisation.name for place in places if place.organisation.is_listed]
        return Author(
            name=known.name,
            url=known.url if self.with_pages else "",
            job_title=known.job_title,
            organisation=listed[0] if listed else "",
            photo_url=photo_url(profile) if profile.photo_visibility in self.levels else "",
            initials=known.initials,
        )


@dataclass(frozen=True)
class DiscussionRow:
    """What a list shows of a discussion."""

    title: str
    url: str
    meta: str
    answers: str
    answers_label: str
    last: str
    last_url: str
    badges: tuple[tuple[str, str], ...]
    is_unread: bool = False
    is_waiting: bool = False


def row_of(discussion: Discussion, names: Names, *, with_space: bool = True) -> DiscussionRow:
    """Return the row of a discussion fetched by ``for_rows``."""
    topic = discussion.topic
    first, last = topic.first_post, topic.last_post
    asked_by = names.of(topic.poster, is_anonymous=bool(first and _is_anonymous(first)))
    parts = [topic.forum.name] if with_space else []
    parts += [str(discussion.territory)] if discussion.territory else []
    parts.append(_("%(name)s, %(day)s") % {"name": asked_by.name, "day": day_of(topic.created)})
    count = discussion.answers_count
    said = ""
    if count and last is not None:
        by = names.of(last.poster, is_anonymous=_is_anonymous(last))
        said = _("Last answer: %(name)s, %(moment)s") % {"name": by.name, "moment": moment(last.created)}
    return DiscussionRow(
        title=topic.subject,
        url=discussion.get_absolute_url(),
        meta=" · ".join(parts),
        answers=format_decimal(count),
        answers_label=ngettext("answer", "answers", count),
        last=said,
        last_url=message_path(last.pk) if count and last else "",
        badges=tuple(badges_of(discussion)),
        is_waiting=discussion.is_unanswered,
    )


def _is_anonymous(post: Any) -> bool:
    return post.poster_id is None and bool(post.username)


def badges_of(discussion: Discussion) -> list[tuple[str, str]]:
    """Return the states of a discussion as (label, kind)."""
    topic = discussion.topic
    badges = []
    if not topic.approved:
        badges.append((_("Waits for a moderator"), "warning"))
    if topic.type == Topic.TOPIC_ANNOUNCE:
        badges.append((_("Announcement"), "new"))
    elif topic.type == Topic.TOPIC_STICKY:
        badges.append((_("Pinned"), "info"))
    if discussion.is_solved:
        badges.append((_("Solved"), "success"))
    elif discussion.is_unanswered and topic.approved:
        badges.append((_("Unanswered"), "warning"))
    if topic.is_locked:
        badges.append((_("Closed"), "neutral"))
    return badges


@dataclass(frozen=True)
class SpaceRow:
    """What the index shows of a space."""

    name: str
    url: str
    description: str
    level: int
    count: str
    latest: str = ""
    latest_url: str = ""
    latest_on: str = ""
    badge: str = ""


def space_row(space: Space) -> SpaceRow:
    """Return the row of a space fetched with its latest message."""
    forum = space.forum
    total = forum.direct_topics_count
    latest = forum.last_post
    return SpaceRow(
        name=forum.name,
        url=space.get_absolute_url(),
        description=str(forum.description or ""),
        level=forum.level,
        count=ngettext("%(count)s discussion", "%(count)s discussions", total) % {"count": format_decimal(total)},
        latest=latest.topic.subject if latest else "",
        latest_url=message_path(latest.pk) if latest else "",
        latest_on=day_of(latest.created) if latest else "",
        badge="" if space.is_open else str(_("Members only") if space.access == "members" else _("Reserved")),
    )


@remembered("forum", "taxonomy")
def all_space_rows() -> tuple[tuple[int, int | None, SpaceRow], ...]:
    """Return the row of every space with its id and its parent's: the same for all, of whom each sees their own."""
    return tuple((space.pk, space.forum.parent_id, space_row(space)) for space in spaces_with_latest())


def space_rows_for(user: AnyUser) -> list[SpaceRow]:
    """Return the rows of the spaces that ``user`` reads, in the order of the tree."""
    readable = set(readable_space_ids(user))
    return [row for pk, _parent, row in all_space_rows() if pk in readable]


def space_rows_below(user: AnyUser, space: Space) -> list[SpaceRow]:
    """Return the rows of the spaces just below ``space`` that ``user`` reads."""
    if space.forum.is_leaf_node():
        return []
    readable = set(readable_space_ids(user))
    return [row for pk, parent, row in all_space_rows() if parent == space.pk and pk in readable]


def forum_tabs(user: AnyUser, current: str) -> list[dict[str, Any]]:
    """Return the lists of the forum as links; those of one's own for members alone."""
    names: list[tuple[str, str]] = [
        ("index", _("Themes")),
        ("all", _("All discussions")),
        ("unanswered", _("Unanswered")),
    ]
    if user.is_authenticated:
        names += [
            ("unread", _("Unread")),
            ("followed", _("Followed")),
            ("mine", _("My discussions")),
            ("kept", pgettext("discussions kept at hand", "Kept")),
        ]
    return [
        {"label": label, "url": reverse(f"community_forum:{name}"), "current": name == current} for name, label in names
    ]


def rows_of(discussions: Iterable[Discussion], reader: AnyUser) -> list[DiscussionRow]:
    """Return the rows of a list."""
    return rows_for(discussions, levels_read_by(reader))


def rows_for(
    discussions: Iterable[Discussion], levels: frozenset[str], *, with_space: bool = True
) -> list[DiscussionRow]:
    """Return the rows of a list as whoever reads the visibilities ``levels`` sees them."""
    names = Names(levels)
    return [row_of(discussion, names, with_space=with_space) for discussion in discussions]
