"""The messages of one discussion as its page shows them to one reader."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from forum.community.addresses import message_path
from forum.community.enums import MessageState
from forum.community.models import Discussion, Message
from forum.community.permissions import Permissions
from forum.community.presentation import Author, Authors, moment
from forum.community.selectors.links import LinkCard
from portal.accounts.models import User
from portal.core.money import format_decimal, format_file_size


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
        self.has_files: bool = self.discussion.has_files  # type: ignore[attr-defined]

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
            files=tuple(map(file_line, post.attachments.all())) if self.has_files else (),
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
