"""Opening a discussion, answering, changing and deleting messages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from directory.models import Organisation
from forum.community.enums import WITHHELD, MessageState
from forum.community.models import Discussion, DraftFile, HiddenAuthor, Message, Revision, Space
from forum.community.permissions import Permissions
from forum.community.rules import SILENT_EDIT
from forum.community.selectors.links import document_keys
from forum.community.selectors.people import members_named
from forum.community.services.answering import recount_first_answer
from forum.community.services.files import attach, detach
from forum.community.services.following import follow_discussion
from forum.community.services.news import tell_mentions, tell_message, tell_question, tell_waiting
from forum.community.services.polls import PollData, open_poll
from forum.community.texts import internal_paths, link_mentions, tame, typed_mentions
from forum.machina_apps.forum_conversation.forum_attachments.models import Attachment
from forum.machina_apps.forum_conversation.models import Post, Topic
from portal.accounts.models import User
from portal.moderation.journal import record
from portal.taxonomy.models import Territory

ANONYMOUS = "anonymous"


class AnsweredMeanwhileError(Exception):
    """The question has answers, which would go with it."""


class ClosedMeanwhileError(Exception):
    """The discussion was deleted, merged into another or closed since its page was shown."""


@dataclass(frozen=True)
class Writing:
    """What a person wrote: the text in Markdown, in whose name, with which files of their draft."""

    content: str
    is_anonymous: bool = False
    organisation: Organisation | None = None
    files: Sequence[DraftFile] = field(default=())


@transaction.atomic
def ask_question(
    *,
    author: User,
    space: Space,
    subject: str,
    writing: Writing,
    territory: Territory | None = None,
    poll: PollData | None = None,
    is_question: bool = True,
) -> Discussion:
    """Open a discussion in ``space``; the caller has checked the right to.

    It is followed by its author, and told to those who follow the space, the place or the author —
    never the author's followers where it is anonymous. Where the space wants it, it waits for a moderator.
    """
    region = _region_of(territory) or space.region
    approved = Permissions(author).posts_at_once(space, region.pk if region else None)
    topic = Topic.objects.create(
        forum=space.forum,
        poster=None if writing.is_anonymous else author,
        subject=subject,
        type=Topic.TOPIC_POST,
        status=Topic.TOPIC_UNLOCKED,
        approved=approved,
    )
    discussion = Discussion.objects.create(topic=topic, territory=territory, region=region, is_question=is_question)
    message = _write(topic, author=author, subject=subject, writing=writing, approved=approved)
    if poll is not None:
        open_poll(topic=topic, data=poll)
    follow_discussion(user=author, discussion=discussion)
    if approved:
        note_published(message=message, author_id=author.pk)
    else:
        tell_waiting(message=message)
    return discussion


@transaction.atomic
def reply(*, author: User, discussion: Discussion, writing: Writing) -> Message:
    """Answer in a discussion; the caller has checked the right to.

    The author follows it from then on; its followers are told. Where the space wants it, the answer waits.
    Raises ClosedMeanwhileError, having written nothing, where it is no longer there or no longer open.
    """
    topic = _held(discussion, author)
    approved = Permissions(author).posts_at_once(topic.forum.space, discussion.region_id)
    message = _write(topic, author=author, subject=topic.subject, writing=writing, approved=approved)
    follow_discussion(user=author, discussion=discussion)
    if approved:
        note_published(message=message, author_id=author.pk)
    else:
        tell_waiting(message=message)
    return message


def _held(discussion: Discussion, author: User) -> Topic:
    """Return the topic, held so that nobody deletes, merges or closes it before the answer stands in it."""
    topic = Topic.objects.select_for_update().filter(pk=discussion.pk).exclude(status=Topic.TOPIC_MOVED).first()
    if topic is None or (topic.is_locked and not Permissions(author).moderates(discussion)):
        raise ClosedMeanwhileError
    if topic.forum_id == discussion.topic.forum_id:
        # Not moved meanwhile: what the caller knows of its space is not read again.
        topic.forum = discussion.topic.forum
    topic.discussion = discussion
    return topic


def note_published(*, message: Message, author_id: int) -> None:
    """Do what follows from a message that readers now read: it may be the first answer; people are told."""
    topic = message.post.topic
    if not message.is_first and topic.discussion.first_answer_at is None:
        asked_by = (
            topic.poster_id
            or HiddenAuthor.objects.filter(post=topic.first_post_id).values_list("user_id", flat=True).first()
        )
        if asked_by != author_id:
            Discussion.objects.filter(pk=topic.pk, first_answer_at=None).update(first_answer_at=message.post.created)
    if message.is_first:
        tell_question(message=message)
    else:
        tell_message(message=message)
    tell_mentions(message=message)


def _region_of(territory: Territory | None) -> Territory | None:
    if territory is None:
        return None
    return territory if territory.level == Territory.Level.REGION else territory.region


def _write(topic: Topic, *, author: User, subject: str, writing: Writing, approved: bool) -> Message:
    content = finished(writing.content, author=author)
    post = Post(
        topic=topic,
        poster=None if writing.is_anonymous else author,
        # machina's name of a poster without an account: tells an anonymous message from that of a former member.
        username=ANONYMOUS if writing.is_anonymous else None,
        subject=subject,
        content=content,
        approved=approved,
        enable_signature=False,
    )
    post.save()
    message = Message.objects.create(
        post=post,
        is_anonymous=writing.is_anonymous,
        organisation=None if writing.is_anonymous else writing.organisation,
        state=MessageState.PUBLISHED if approved else MessageState.WAITING,
        links=_links(content, author),
    )
    if writing.is_anonymous:
        HiddenAuthor.objects.create(post=post, user=author)
    attach(post=post, files=writing.files)
    return message


def finished(text: str, *, author: User) -> str:
    """Return ``text`` as it is kept: quotations tamed, members whom the author may meet linked."""
    text = tame(text)
    typed = typed_mentions(text)
    return link_mentions(text, members_named(typed, reader=author)) if typed else text


def _links(content: str, author: User) -> list[str]:
    paths = internal_paths(content)
    return document_keys(paths, reader=author) if paths else []


@transaction.atomic
def edit_message(
    *,
    message: Message,
    by: User,
    content: str,
    subject: str = "",
    reason: str = "",
    taken_away: Iterable[Attachment] = (),
) -> bool:
    """Change a message's text; what readers could read of it stays in its history, which they see.

    A change by the author within five minutes of writing leaves no trace: it mends a slip. Where the
    space wants a moderator to read first, a published message waits again, as everywhere one that was
    refused or withdrawn and that its author corrects: True then. ``taken_away`` are files of the message,
    deleted with what is stored of them.
    """
    # Held with its state, so that nobody decides of it meanwhile.
    held = Message.objects.select_for_update(of=("self", "post", "post__topic"))
    before = held.select_related("post__topic__forum__space").get(pk=message.pk)
    post, files = before.post, list(taken_away)
    for attachment in files:
        detach(attachment=attachment)
    content = finished(content, author=by)
    subject = subject or post.subject
    permissions, discussion = Permissions(by), message.post.topic.discussion
    comes_back = before.state in WITHHELD and not permissions.moderates(discussion)
    # A file may be what the message was withheld for.
    if content == post.content.raw and subject == post.subject and not (comes_back and files):
        return False
    is_own = permissions.wrote(message)
    waits_again = comes_back or (
        post.approved and not permissions.posts_at_once(post.topic.forum.space, discussion.region_id)
    )
    # The history, which everyone reads, names no anonymous author.
    editor = None if message.is_anonymous and is_own else by
    is_slip = is_own and post.created > timezone.now() - SILENT_EDIT
    if before.state == MessageState.REMOVED:
        _forget_history(message)
    elif post.approved and (waits_again or not is_slip):
        former = post.subject if message.is_first else ""
        Revision.objects.create(post=post, content=post.content.raw, subject=former, edited_by=editor, reason=reason)
        Message.objects.filter(pk=message.pk).update(revisions_count=F("revisions_count") + 1)
    post.content, post.subject, post.approved = content, subject, post.approved and not waits_again
    post.updated_by, post.update_reason = editor, reason
    post.save()
    Message.objects.filter(pk=message.pk).update(links=_links(content, by), renderer=Message.RENDERER)
    if waits_again:
        _wait_again(message)
    return waits_again


def _forget_history(message: Message) -> None:
    """Delete the former texts of a message that was withdrawn: what it was withdrawn for may stand there too."""
    Revision.objects.filter(post=message.pk).delete()
    Message.objects.filter(pk=message.pk).update(revisions_count=0)


def _wait_again(message: Message) -> None:
    """Note that a message that was published, or withheld, waits for a moderator with its new text."""
    Message.objects.filter(pk=message.pk).update(state=MessageState.WAITING, state_reason="")
    recount_first_answer(message.post.topic_id)
    tell_waiting(message=Message.objects.select_related("post__topic").get(pk=message.pk))


@transaction.atomic
def delete_message(*, message: Message, by: User) -> bool:
    """Delete a message with its files; True where the whole discussion went with it, its first message.

    Its author and moderators may call this; what a moderator deletes of somebody else is in the journal.
    Raises AnsweredMeanwhileError for a question with answers, published or not, unless a moderator deletes it.
    """
    post = message.post
    # Held, so that nobody answers between the look and the deletion.
    held = Topic.objects.select_for_update(of=("self",)).select_related("forum", "discussion")
    topic = held.filter(pk=post.topic_id).first()
    if topic is None:
        return True
    permissions, is_first = Permissions(by), topic.first_post_id == post.pk
    if is_first and not permissions.moderates(topic.discussion) and topic.posts.count() > 1:
        raise AnsweredMeanwhileError
    if not permissions.wrote(message):
        data = {"region_id": topic.discussion.region_id, "message": message.pk}
        record(action="forum.delete", actor=by, target=topic.discussion, data=data)
    if is_first:
        forum = topic.forum
        topic.delete()
        forum.update_trackers()
        return True
    Discussion.objects.filter(pk=topic.pk, helpful_post=post).update(helpful_post=None, solved_at=None)
    post.delete()
    recount_first_answer(topic.pk)
    return False
