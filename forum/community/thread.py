"""The messages of one discussion as its page shows them to one reader.

What all who read alike are shown is made once by each process, until something that it shows changes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from forum.community.addresses import message_path, report_path
from forum.community.enums import MessageState
from forum.community.lists import PER_PAGE, KnownCountPaginator
from forum.community.models import Discussion, Message
from forum.community.page_cache_rules import AREAS
from forum.community.permissions import Permissions
from forum.community.presentation import Author, Authors, levels_read_by, moment
from forum.community.selectors.discussions import messages_of
from forum.community.selectors.links import LinkCard
from portal.accounts.models import User
from portal.accounts.rules import AnyUser, is_member
from portal.core.money import format_decimal, format_file_size
from portal.core.remember import remembered


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


@dataclass(frozen=True)
class ThreadPage:
    """A page of a discussion: its messages, and the card of each as far as all who read alike are shown it."""

    number: int
    page: Page
    messages: tuple[Message, ...]
    cards: tuple[MessageCard, ...]


def thread_page(user: AnyUser, discussion: Discussion, number: str) -> ThreadPage:
    """Return a page of what ``user`` reads of ``discussion``, which says what it has: see ``discussion_at``."""
    levels, with_pages = levels_read_by(user), user.is_authenticated
    withheld: bool = discussion.has_withheld  # type: ignore[attr-defined]
    if discussion.topic.approved and not (withheld and is_member(user)):
        return _published_page(discussion, number, levels, with_pages=with_pages)
    # Who wrote it and moderators read besides what waits, or was withdrawn.
    query = messages_of(user, discussion)
    return _page(discussion, query, query.count(), number, Authors(levels, with_pages=with_pages))


@remembered(*AREAS)
def _published_page(discussion: Discussion, number: str, levels: frozenset[str], *, with_pages: bool) -> ThreadPage:
    query = messages_of(AnonymousUser(), discussion)
    return _page(discussion, query, discussion.topic.posts_count, number, Authors(levels, with_pages=with_pages))


def _page(discussion: Discussion, query: QuerySet[Message], count: int, number: str, authors: Authors) -> ThreadPage:
    page = KnownCountPaginator(query, PER_PAGE, count=count).get_page(number)
    first = (page.number - 1) * PER_PAGE
    messages = tuple(page.object_list)
    cards = [_card(discussion, message, first + place, authors) for place, message in enumerate(messages, start=1)]
    page.object_list = messages
    return ThreadPage(page.number, page, messages, tuple(cards))


def _card(discussion: Discussion, message: Message, number: int, authors: Authors) -> MessageCard:
    """Return what all who read alike are shown of a message, the ``number``-th of its discussion."""
    post = message.post
    has_files: bool = discussion.has_files  # type: ignore[attr-defined]
    return MessageCard(
        pk=message.pk,
        number=number,
        html=mark_safe(post._content_rendered or ""),  # noqa: S308 -- sanitised when it was written
        author=authors.of(post.poster, is_anonymous=message.is_anonymous),
        day=moment(post.created),
        iso=timezone.localtime(post.created).isoformat(timespec="minutes"),
        url=message_path(message.pk),
        is_question=discussion.topic.first_post_id == message.pk,
        is_helpful=discussion.helpful_post_id == message.pk,
        on_behalf=message.organisation.name if message.organisation else "",
        useful=_useful(message.useful_count),
        edited=_("Changed on %(moment)s") % {"moment": moment(post.updated)} if message.revisions_count else "",
        history_url=message_path(message.pk, "historique/") if message.revisions_count else "",
        notice=_notice(message),
        files=tuple(map(file_line, post.attachments.all())) if has_files else (),
    )


def _notice(message: Message) -> str:
    if message.state == MessageState.WAITING:
        return _("This message waits for a moderator: only you and the moderators see it.")
    if message.state != MessageState.PUBLISHED:
        values = {"state": message.get_state_display(), "reason": message.state_reason}
        return _("Message %(state)s: %(reason)s") % values
    return ""


@dataclass
class Thread:
    """What completes the cards of one discussion for one reader: what they may do, and what they alone are told."""

    discussion: Discussion
    permissions: Permissions
    cards: Mapping[str, LinkCard] = field(default_factory=dict)
    hidden: Mapping[int, User] = field(default_factory=dict)
    own: frozenset[int] = frozenset()
    voted: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self.moderates = self.permissions.moderates(self.discussion)
        self.may_reply = self.permissions.may_reply_to(self.discussion)

    def complete(self, card: MessageCard, message: Message) -> MessageCard:
        """Return the card of a message with what this reader may do with it."""
        links = tuple(self.cards[key] for key in message.links if key in self.cards)
        if not (links or self.permissions.user.is_authenticated):
            return card
        # Who listens to a list of links knows which message each one is about.
        hint = _("(message %(number)s)") % {"number": card.number}
        return replace(card, links=links, acts=tuple(self._acts(message, hint)), moderators_note=self._who(message))

    def _is_first(self, message: Message) -> bool:
        return self.discussion.topic.first_post_id == message.pk

    def _has_answers(self, message: Message) -> bool:
        """Whether the message opens the discussion and answers would go with it."""
        return self._is_first(message) and self.discussion.answers_count > 0

    def _is_own(self, message: Message) -> bool:
        return message.pk in self.own or (
            message.post.poster_id is not None and message.post.poster_id == self.permissions.user.pk
        )

    def _who(self, message: Message) -> str:
        user = self.hidden.get(message.pk)
        return _("Written by %(name)s, anonymously: moderators alone read this.") % {"name": user} if user else ""

    def _acts(self, message: Message, hint: str) -> Iterator[Act]:
        user, is_own, pk = self.permissions.user, self._is_own(message), message.pk
        if not user.is_authenticated:
            return
        if self.may_reply:
            url = f"{self.discussion.get_absolute_url()}?citer={pk}#repondre"
            yield Act(_("Quote"), url, "chat", hint=hint)
        if not is_own and self.permissions.may_write:
            pressed = "true" if pk in self.voted else "false"
            yield Act(_("Useful"), message_path(pk, "utile/"), "check", is_post=True, hint=hint, pressed=pressed)
        if self.may_settle and not self._is_first(message) and self.discussion.helpful_post_id != pk:
            yield Act(_("This answer helped me"), message_path(pk, "aide/"), "star", is_post=True, hint=hint)
        if self.moderates or (is_own and self.permissions.may_write and not self.discussion.topic.is_locked):
            yield Act(_("Change"), message_path(pk, "modifier/"), "edit", hint=hint)
        if self.moderates or (is_own and self.permissions.may_write and not self._has_answers(message)):
            yield Act(_("Delete"), message_path(pk, "supprimer/"), "trash", hint=hint)
        if not is_own:
            yield Act(_("Report"), report_path(pk), "flag", hint=hint)
        if self.moderates:
            yield from self._moderating_acts(message, hint, is_own=is_own)

    @staticmethod
    def _moderating_acts(message: Message, hint: str, *, is_own: bool) -> Iterator[Act]:
        pk = message.pk
        if message.state != MessageState.PUBLISHED:
            yield Act(_("Publish"), message_path(pk, "publier/"), "check", is_post=True, hint=hint)
            return
        yield Act(pgettext("a message", "Withdraw"), message_path(pk, "retirer/"), "eye", hint=hint)
        if not is_own:
            yield Act(_("Warn or suspend the author"), message_path(pk, "sanction/"), "warning", hint=hint)

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
