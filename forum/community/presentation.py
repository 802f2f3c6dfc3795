"""Discussions and messages as pages show them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from directory.people import introduce, levels_read_by, photo_url
from forum.community.addresses import message_path
from forum.community.enums import MessageState
from forum.community.models import Discussion, Message, Space
from forum.community.models.discussions import readable_space_ids
from forum.community.permissions import Permissions
from forum.community.selectors.links import LinkCard
from forum.community.selectors.spaces import spaces_with_latest
from forum.machina_apps.forum_conversation.models import Topic
from portal.accounts.models import User
from portal.accounts.rules import AnyUser
from portal.core.dates import format_day
from portal.core.money import format_decimal, format_file_size
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


class Authors:
    """Presents the authors of a page to one reader, each once."""

    def __init__(self, reader: AnyUser, *, by_name: bool = False) -> None:
        """``by_name`` presents the name alone: what lists show, and all that they fetch."""
        self.reader = reader
        self.by_name = by_name
        self._known: dict[int, Author] = {}

    def of(self, poster: User | None, *, is_anonymous: bool) -> Author:
        """Return the author of a message whose poster and their profile are fetched."""
        if is_anonymous:
            return anonymous()
        if poster is None or not poster.is_active:
            return departed()
        if poster.pk not in self._known:
            self._known[poster.pk] = self._present(poster)
        return self._known[poster.pk]

    def _present(self, poster: User) -> Author:
        profile = poster.profile  # type: ignore[attr-defined]
        levels = levels_read_by(self.reader, profile)
        known = introduce(profile, levels)
        if self.by_name:
            return Author(known.name)
        places = getattr(poster, "active_places", ()) if profile.organisations_visibility in levels else ()
        listed = [place.organisation.name for place in places if place.organisation.is_listed]
        return Author(
            name=known.name,
            url=known.url if self.reader.is_authenticated else "",
            job_title=known.job_title,
            organisation=listed[0] if listed else "",
            photo_url=photo_url(profile) if profile.photo_visibility in levels else "",
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


def row_of(
    discussion: Discussion, authors: Authors, *, unread: Iterable[int] = (), with_space: bool = True
) -> DiscussionRow:
    """Return the row of a discussion fetched by ``for_rows``."""
    topic = discussion.topic
    first, last = topic.first_post, topic.last_post
    asked_by = authors.of(topic.poster, is_anonymous=bool(first and _is_anonymous(first)))
    parts = [topic.forum.name] if with_space else []
    parts += [str(discussion.territory)] if discussion.territory else []
    parts.append(_("%(name)s, %(day)s") % {"name": asked_by.name, "day": day_of(topic.created)})
    count = discussion.answers_count
    said = ""
    if count and last is not None:
        by = authors.of(last.poster, is_anonymous=_is_anonymous(last))
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
        is_unread=topic.pk in set(unread),
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
def all_space_rows() -> tuple[tuple[int, SpaceRow], ...]:
    """Return the row of every space with its id: the same for all readers, of whom each sees their own."""
    return tuple((space.pk, space_row(space)) for space in spaces_with_latest())


def space_rows_for(user: AnyUser) -> list[SpaceRow]:
    """Return the rows of the spaces that ``user`` reads, in the order of the tree."""
    readable = set(readable_space_ids(user))
    return [row for pk, row in all_space_rows() if pk in readable]


@dataclass(frozen=True)
class Act:
    """A button or a link of a message; ``is_post`` ones go through the page's own form."""

    label: str
    url: str
    icon: str = ""
    is_post: bool = False
    hint: str = ""
    pressed: str = ""


@dataclass(frozen=True)
class FileLine:
    """A file as a message shows it."""

    title: str
    url: str
    format: str
    size: str


@dataclass(frozen=True)
class MessageCard:
    """All that the component shows of a message: plain values, so that its drawing can be kept."""

    pk: int
    number: int
    html: SafeString
    author: Author
    day: str
    iso: str
    url: str
    is_question: bool = False
    is_helpful: bool = False
    on_behalf: str = ""
    useful: str = ""
    edited: str = ""
    history_url: str = ""
    notice: str = ""
    moderators_note: str = ""
    acts: tuple[Act, ...] = ()
    files: tuple[FileLine, ...] = ()
    links: tuple[LinkCard, ...] = ()


@dataclass
class Thread:
    """What is needed to present the messages of one discussion to one reader."""

    discussion: Discussion
    permissions: Permissions
    cards: Mapping[str, LinkCard] = field(default_factory=dict)
    hidden: Mapping[int, User] = field(default_factory=dict)
    own: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self.authors = Authors(self.permissions.user)
        self.moderates = self.permissions.moderates(self.discussion)
        self.may_reply = self.permissions.may_reply_to(self.discussion)

    def present(self, message: Message, number: int) -> MessageCard:
        """Return the card of a message, the ``number``-th of its discussion."""
        post = message.post
        # Who listens to a list of links knows which message each one is about.
        hint = _("(message %(number)s)") % {"number": number}
        return MessageCard(
            pk=message.pk,
            number=number,
            html=mark_safe(post._content_rendered or ""),  # noqa: S308 -- sanitised when it was written
            author=self.authors.of(post.poster, is_anonymous=message.is_anonymous),
            day=moment(post.created),
            iso=timezone.localtime(post.created).isoformat(timespec="minutes"),
            url=message_path(message.pk),
            is_question=self._is_first(message),
            is_helpful=self.discussion.helpful_post_id == message.pk,
            on_behalf=message.organisation.name if message.organisation else "",
            useful=_useful(message.useful_count),
            edited=_("Changed on %(moment)s") % {"moment": moment(post.updated)} if message.revisions_count else "",
            history_url=message_path(message.pk, "historique/") if message.revisions_count else "",
            notice=self._notice(message),
            moderators_note=self._who(message),
            acts=tuple(replace(act, hint=hint) for act in self._acts(message)),
            files=tuple(map(file_line, post.attachments.all())),
            links=tuple(self.cards[key] for key in message.links if key in self.cards),
        )

    def _is_first(self, message: Message) -> bool:
        return self.discussion.topic.first_post_id == message.pk

    def _has_answers(self, message: Message) -> bool:
        """Whether the message opens the discussion and answers would go with it."""
        return self._is_first(message) and self.discussion.answers_count > 0

    def _is_own(self, message: Message) -> bool:
        return message.pk in self.own or (
            message.post.poster_id is not None and message.post.poster_id == self.permissions.user.pk
        )

    def _notice(self, message: Message) -> str:
        if message.state == MessageState.WAITING:
            return _("This message waits for a moderator: only you and the moderators see it.")
        if message.state != MessageState.PUBLISHED:
            values = {"state": message.get_state_display(), "reason": message.state_reason}
            return _("Message %(state)s: %(reason)s") % values
        return ""

    def _who(self, message: Message) -> str:
        user = self.hidden.get(message.pk)
        return _("Written by %(name)s, anonymously: moderators alone read this.") % {"name": user} if user else ""

    def _acts(self, message: Message) -> Iterator[Act]:
        user, is_own, pk = self.permissions.user, self._is_own(message), message.pk
        if not user.is_authenticated:
            return
        if self.may_reply:
            url = f"{self.discussion.get_absolute_url()}?citer={pk}#repondre"
            yield Act(_("Quote"), url, "chat")
        if not is_own and self.permissions.may_write:
            pressed = "true" if getattr(message, "is_voted", False) else "false"
            yield Act(_("Useful"), message_path(pk, "utile/"), "check", is_post=True, pressed=pressed)
        if self.may_settle and not self._is_first(message) and self.discussion.helpful_post_id != pk:
            yield Act(_("This answer helped me"), message_path(pk, "aide/"), "star", is_post=True)
        if self.moderates or (is_own and self.permissions.may_write and not self.discussion.topic.is_locked):
            yield Act(_("Change"), message_path(pk, "modifier/"), "edit")
        if self.moderates or (is_own and self.permissions.may_write and not self._has_answers(message)):
            yield Act(_("Delete"), message_path(pk, "supprimer/"), "trash")
        if not is_own:
            yield Act(_("Report"), reverse("moderation:report", args=["community_forum-message", pk]), "flag")
        if self.moderates:
            yield from self._moderating_acts(message, is_own=is_own)

    @staticmethod
    def _moderating_acts(message: Message, *, is_own: bool) -> Iterator[Act]:
        pk = message.pk
        if message.state != MessageState.PUBLISHED:
            yield Act(_("Publish"), message_path(pk, "publier/"), "check", is_post=True)
            return
        yield Act(pgettext("a message", "Withdraw"), message_path(pk, "retirer/"), "eye")
        if not is_own:
            yield Act(_("Warn or suspend the author"), message_path(pk, "sanction/"), "warning")

    @property
    def may_settle(self) -> bool:
        """Whether the reader says what helped: who asked, and moderators."""
        first = self.discussion.topic.first_post
        if self.moderates:
            return True
        if first is None or not self.permissions.may_write:
            return False
        return first.poster_id == self.permissions.user.pk or first.pk in self.own


def _useful(count: int) -> str:
    if not count:
        return ""
    return ngettext("Useful to %(count)s person", "Useful to %(count)s people", count) % {
        "count": format_decimal(count)
    }


def file_line(attachment: Any) -> FileLine:
    """Return a file of a message as it is shown."""
    url = reverse("community_forum:attachment", args=[attachment.uid])
    return FileLine(attachment.name, url, attachment.format, format_file_size(attachment.size))


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


def rows_of(
    discussions: Sequence[Discussion], reader: AnyUser, *, unread: Iterable[int] = (), with_space: bool = True
) -> list[DiscussionRow]:
    """Return the rows of a list."""
    authors, new = Authors(reader, by_name=True), set(unread)
    return [row_of(discussion, authors, unread=new, with_space=with_space) for discussion in discussions]
