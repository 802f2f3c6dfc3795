"""Acts of moderators: each is written in the journal, with its reason."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from forum.community.enums import WITHHELD, MessageState, SanctionKind
from forum.community.models import Discussion, Message, Sanction, Space
from forum.community.selectors.people import author_of
from forum.community.services.answering import recount_first_answer
from forum.community.services.news import tell_decision, tell_sanction
from forum.community.services.writing import note_published
from forum.community.texts import fingerprint_of
from forum.machina_apps.forum_conversation.models import Post, Topic
from portal.accounts.models import User
from portal.moderation.journal import record
from search.api import touch


class NotAllowedHereError(Exception):
    """The act makes no sense for this discussion or message."""


class ChangedMeanwhileError(Exception):
    """The author has changed the text since the moderator read it."""


def _note(action: str, discussion: Discussion, by: User, reason: str = "", **data: object) -> None:
    record(action=action, actor=by, target=discussion, reason=reason, data={"region_id": discussion.region_id, **data})


@transaction.atomic
def approve(*, message: Message, by: User, read: str = "") -> None:
    """Publish a message that waited, or one that was withdrawn; its author and followers are told.

    ``read`` is the fingerprint of the text that the moderator read. Raises ChangedMeanwhileError, having
    changed nothing, where it is no longer that one.
    """
    message = _held(message)
    if read and read != fingerprint_of(message.post):
        raise ChangedMeanwhileError
    before = message.state
    _set_state(message, MessageState.PUBLISHED, "")
    # One that was withdrawn may be the answer again.
    recount_first_answer(message.post.topic_id)
    _note("forum.approve", message.post.topic.discussion, by, message=message.pk)
    if before in {MessageState.WAITING, MessageState.REFUSED}:
        author = author_of(message.post)
        note_published(message=message, author_id=author.pk if author else 0)
    if before != MessageState.PUBLISHED:
        tell_decision(message=message, by=by, decision=MessageState.PUBLISHED)


@transaction.atomic
def withhold(*, message: Message, by: User, reason: str) -> None:
    """Refuse a message that waits, or withdraw one that is published; its author is told why.

    One that is withheld already stays refused or withdrawn; the same reason once more, a double click, is none.
    """
    message = _held(message)
    if message.state in WITHHELD and message.state_reason == reason:
        return
    is_refused = message.state in {MessageState.WAITING, MessageState.REFUSED}
    state = MessageState.REFUSED if is_refused else MessageState.REMOVED
    discussion = message.post.topic.discussion
    if discussion.helpful_post_id == message.pk:
        Discussion.objects.filter(pk=discussion.pk).update(helpful_post=None, solved_at=None)
    _set_state(message, state, reason)
    recount_first_answer(discussion.pk)
    _note("forum.refuse" if is_refused else "forum.remove", discussion, by, reason, message=message.pk)
    tell_decision(message=message, by=by, decision=state, reason=reason)


def _held(message: Message) -> Message:
    # Its text with it: what its author changes meanwhile is not written over.
    found = Message.objects.select_for_update(of=("self", "post")).select_related("post__topic__forum__space")
    return found.get(pk=message.pk)


def _set_state(message: Message, state: MessageState, reason: str) -> None:
    message.state, message.state_reason = state, reason
    message.save(update_fields=["state", "state_reason"])
    message.post.approved = state == MessageState.PUBLISHED
    message.post.save()


def lock(*, discussion: Discussion, by: User, is_locked: bool, reason: str = "") -> None:
    """Lock a discussion, or open it again."""
    _change(discussion, status=Topic.TOPIC_LOCKED if is_locked else Topic.TOPIC_UNLOCKED)
    _note("forum.lock" if is_locked else "forum.unlock", discussion, by, reason)


def set_rank(*, discussion: Discussion, by: User, rank: int) -> None:
    """Pin a discussion at the top of its space, make an announcement of it, or an ordinary one; machina's types."""
    if rank not in dict(Topic.TYPE_CHOICES):
        raise ValueError(f"{rank} is no type of a topic")
    _change(discussion, type=rank)
    names = {Topic.TOPIC_POST: "forum.unpin", Topic.TOPIC_STICKY: "forum.pin", Topic.TOPIC_ANNOUNCE: "forum.announce"}
    _note(names[rank], discussion, by)


@transaction.atomic
def _change(discussion: Discussion, **values: int) -> None:
    topic = Topic.objects.select_for_update().get(pk=discussion.pk)
    for name, value in values.items():
        setattr(topic, name, value)
    # These columns alone: what is answered meanwhile keeps its counts.
    topic.save(update_fields=[*values, "updated"])


@transaction.atomic
def move(*, discussion: Discussion, by: User, space: Space, reason: str = "") -> None:
    """Move a discussion to another space; both are counted anew, its old address leads to the new one."""
    topic = Topic.objects.select_for_update(of=("self",)).select_related("forum").get(pk=discussion.pk)
    left = topic.forum
    if left.pk == space.pk:
        raise NotAllowedHereError
    topic.forum = space.forum
    topic.save(update_fields=["forum", "updated"])
    if discussion.territory_id is None:
        Discussion.objects.filter(pk=discussion.pk).update(region=space.region)
    left.update_trackers()
    space.forum.update_trackers()
    _note("forum.move", discussion, by, reason, to=space.slug)


@transaction.atomic
def merge(*, discussion: Discussion, into: Discussion, by: User, reason: str = "") -> None:
    """Move every message of ``discussion`` into another; its address leads there from then on.

    Raises NotAllowedHereError for a discussion with itself, or with one that other readers read.
    """
    if discussion.pk == into.pk or discussion.topic.forum.space.readers != into.topic.forum.space.readers:
        raise NotAllowedHereError
    # Held, always in this order: an answer written meanwhile comes before, or is told that the place has moved.
    list(Topic.objects.select_for_update(of=("self",)).filter(pk__in=[discussion.pk, into.pk]).order_by("pk"))
    posts = list(Post.objects.filter(topic=discussion.pk).values_list("pk", flat=True))
    _move_posts(posts, into.topic)
    topic = discussion.topic
    topic.refresh_from_db()
    topic.approved, topic.status = False, Topic.TOPIC_MOVED
    topic.save(update_fields=["approved", "status", "updated"])
    topic.update_trackers()
    Discussion.objects.filter(pk=discussion.pk).update(merged_into=into, helpful_post=None, solved_at=None)
    touch(discussion, into)
    _note("forum.merge", into, by, reason, merged=discussion.pk)


@transaction.atomic
def split(
    *, discussion: Discussion, messages: Sequence[Message], by: User, subject: str, reason: str = ""
) -> Discussion:
    """Take messages out of a discussion into a new one of the same space, opened by the earliest of them.

    Raises NotAllowedHereError without any message, or with the one that opens the discussion.
    """
    chosen = sorted((message.post for message in messages), key=lambda post: (post.created, post.pk))
    if not chosen or any(post.pk == discussion.topic.first_post_id for post in chosen):
        raise NotAllowedHereError
    first = chosen[0]
    topic = Topic.objects.create(
        forum=discussion.topic.forum,
        poster=first.poster,
        subject=subject,
        type=Topic.TOPIC_POST,
        status=Topic.TOPIC_UNLOCKED,
        approved=first.approved,
    )
    made = Discussion.objects.create(
        topic=topic, territory_id=discussion.territory_id, region_id=discussion.region_id, is_question=True
    )
    _move_posts([post.pk for post in chosen], topic)
    Post.objects.filter(pk=first.pk).update(subject=subject)
    helpful = discussion.helpful_post_id
    if helpful in {post.pk for post in chosen}:
        Discussion.objects.filter(pk=discussion.pk).update(helpful_post=None, solved_at=None)
    discussion.topic.refresh_from_db()
    discussion.topic.update_trackers()
    recount_first_answer(discussion.pk)
    touch(discussion, made)
    _note("forum.split", discussion, by, reason, made=made.pk)
    return made


def _move_posts(pks: Sequence[int], topic: Topic) -> None:
    """Give posts to another topic; what they are counted by is counted anew."""
    Post.objects.filter(pk__in=pks).update(topic=topic, subject=topic.subject)
    topic.refresh_from_db()
    topic.update_trackers()
    recount_first_answer(topic.pk)


@transaction.atomic
def sanction(*, user: User, by: User, kind: str, reason: str, until: datetime | None = None) -> Sanction:
    """Warn a member, or keep them from writing until a moment, or until it is lifted; they are told why."""
    made = Sanction.objects.create(
        user=user,
        kind=SanctionKind(kind),
        reason=reason,
        until=until if kind == SanctionKind.SUSPENSION else None,
        decided_by=by,
    )
    record(action=f"forum.{made.kind}", actor=by, target=user, reason=reason)
    tell_sanction(sanction=made, by=by)
    return made


@transaction.atomic
def lift(*, sanction: Sanction, by: User) -> None:
    """End a suspension before its time."""
    if sanction.lifted_at is None:
        sanction.lifted_at = timezone.now()
        sanction.save(update_fields=["lifted_at"])
        record(action="forum.lift", actor=by, target=sanction.user, reason=sanction.reason)
