"""Lists of discussions, and one discussion with its messages."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)

from directory.models import Membership
from forum.community.enums import DiscussionFilter, DiscussionSort, MessageState
from forum.community.models import (
    Bookmark,
    Citation,
    Discussion,
    DiscussionQuerySet,
    Draft,
    HiddenAuthor,
    Message,
    Space,
    UsefulVote,
)
from forum.community.models.discussions import moderated_by, readable_space_ids
from forum.community.page_cache_rules import AREAS
from forum.machina_apps.forum.models import Forum
from forum.machina_apps.forum_conversation.forum_attachments.models import Attachment
from forum.machina_apps.forum_conversation.forum_polls.models import TopicPollOption
from forum.machina_apps.forum_conversation.models import Post, Topic
from forum.machina_apps.forum_tracking.handler import TrackingHandler
from portal.accounts.models import User
from portal.accounts.rules import AnyUser, is_member
from portal.core.keys import KEYS_END
from portal.core.remember import remembered
from portal.notifications.models import Subscription
from portal.notifications.selectors import content_type_of
from portal.taxonomy.models import Territory

#: The last message is the topic's own, and so tells topics apart; its primary key would be read from the discussion,
#: and no index orders by two tables.
LATEST = ("-topic__last_post_on", "-topic__last_post_id")


@dataclass(frozen=True)
class ListFilter:
    """What narrows and orders a list, as addresses say it."""

    state: str = DiscussionFilter.ALL
    sort: str = DiscussionSort.RECENT
    territory: Territory | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return not self.state and self.territory is None


#: What names a person to a reader: see ``directory.people.introduce``. Whole rows would triple the cost of a list.
_ACCOUNT = (
    *("first_name", "last_name", "job_title", "short_id", "is_active", "is_superuser", "membership_status"),
    *("profile__user", "profile__is_listed", "profile__name_visibility", "profile__job_title_visibility"),
)


def _person(path: str) -> list[str]:
    return [f"{path}__{name}" for name in _ACCOUNT]


#: What a row shows, and nothing else: the texts of messages are most of what a wider query would read.
_ROW = (
    *(
        "is_question",
        "solved_at",
        "first_answer_at",
        "region",
        "territory__name",
        "territory__code",
        "territory__level",
    ),
    *(f"topic__{name}" for name in ("subject", "slug", "type", "status", "approved", "posts_count", "created")),
    *("topic__last_post_on", "topic__poster"),
    *("topic__first_post__poster", "topic__first_post__username"),
    *("topic__last_post__poster", "topic__last_post__username", "topic__last_post__created"),
    *(*_person("topic__poster"), *_person("topic__last_post__poster")),
)


_ROW_SPACE = ("topic__forum__name", "topic__forum__space__slug")


def for_rows(found: DiscussionQuerySet, *, with_space: bool = True) -> DiscussionQuerySet:
    """Fetch what a row shows, in the one query; the list of one space knows its space already."""
    found = found.select_related(
        "topic__poster__profile", "topic__last_post__poster__profile", "topic__first_post", "territory"
    )
    if with_space:
        return found.select_related("topic__forum__space").only(*_ROW, *_ROW_SPACE)
    return found.only(*_ROW, "topic__forum")


def narrowed(found: DiscussionQuerySet, chosen: ListFilter) -> DiscussionQuerySet:
    """Narrow and order ``found`` as the reader chose."""
    if chosen.state == DiscussionFilter.UNANSWERED:
        found = found.unanswered()
    elif chosen.state == DiscussionFilter.ANSWERED:
        found = found.exclude(first_answer_at=None)
    elif chosen.state == DiscussionFilter.SOLVED:
        found = found.exclude(solved_at=None)
    if chosen.territory is not None:
        found = found.about(chosen.territory)
    return found


def ordered(found: DiscussionQuerySet, chosen: ListFilter, *, ranked: bool) -> DiscussionQuerySet:
    """Order ``found``; ``ranked`` keeps announcements and pinned discussions first."""
    if chosen.sort == DiscussionSort.NEWEST:
        return found.order_by("-topic__created", "-topic__first_post_id")
    if chosen.sort == DiscussionSort.UNANSWERED_FIRST:
        waits = When(first_answer_at=None, solved_at=None, is_question=True, then=Value(0))
        answered = Case(waits, default=Value(1), output_field=IntegerField())
        return found.order_by(answered, *LATEST)
    if ranked:
        return found.order_by("-topic__type", *LATEST)
    return found.order_by(*LATEST)


def in_space(space: Space) -> DiscussionQuerySet:
    """Return the discussions of a space, the reader's right to which is checked."""
    return Discussion.objects.published().filter(topic__forum_id=space.pk)


def discussions_count(spaces: Collection[int]) -> int:
    """Return how many discussions ``spaces`` hold, from what each forum counts of its own."""
    forums = Forum.objects.filter(pk__in=spaces).order_by()
    return forums.aggregate(total=Sum("direct_topics_count"))["total"] or 0


@remembered("forum")
def _unanswered() -> tuple[tuple[int, int], ...]:
    """Return the questions that wait, each with its space, the oldest first: they have waited longest.

    Whoever reads them, and all of them: no index finds those of a reader in this order.
    """
    found = Discussion.objects.published().unanswered().order_by("topic__created", "topic__first_post_id")
    return tuple(found.values_list("pk", "topic__forum_id"))


def unanswered_ids(spaces: Collection[int]) -> list[int]:
    """Return the questions that wait in ``spaces``, ids that come from ``readable_space_ids``, the oldest first."""
    among = frozenset(spaces)
    return [pk for pk, space in _unanswered() if space in among]


def waiting_among(spaces: Collection[int], ids: Sequence[int]) -> list[Discussion]:
    """Return those of the questions ``ids`` that wait in ``spaces``, as rows show them, in the order of ``ids``."""
    found = for_rows(Discussion.objects.inside(spaces).unanswered().filter(pk__in=ids)) if ids else ()
    return sorted(found, key=lambda discussion: ids.index(discussion.pk))


def unread_for(user: User) -> DiscussionQuerySet:
    """Return what ``user`` has not read, the latest first, in one condition."""
    unread = TrackingHandler().unread(user, "topic__")
    return Discussion.objects.visible_to(user).filter(unread).order_by(*LATEST)


def followed_by(user: User) -> DiscussionQuerySet:
    """Return the discussions that ``user`` follows and still reads, the latest first."""
    ids = Subscription.objects.filter(user=user, content_type=content_type_of(Discussion())).values_list(
        "object_id", flat=True
    )
    followed = [int(pk) for pk in ids]
    return Discussion.objects.visible_to(user).filter(pk__in=followed).order_by(*LATEST)


def kept_by(user: User) -> DiscussionQuerySet:
    """Return the discussions that ``user`` keeps at hand and still reads, the latest kept first."""
    return (
        Discussion.objects.visible_to(user).filter(topic__bookmarks__user=user).order_by("-topic__bookmarks__added_at")
    )


def opened_by(user: User) -> DiscussionQuerySet:
    """Return what ``user`` asked, what waits for a moderator too, the latest first."""
    return Discussion.objects.reachable_by(user).by(user).order_by("-topic__created", "-topic__first_post_id")


#: What the page of a discussion shows beside its messages; whole rows would be 110 columns.
_PAGE = (
    *("is_question", "solved_at", "first_answer_at", "helpful_post", "region"),
    *("territory__name", "territory__code", "territory__level"),
    *(f"topic__{name}" for name in ("subject", "slug", "type", "status", "approved", "posts_count", "views_count")),
    *(f"topic__{name}" for name in ("created", "last_post_on", "last_post", "poster")),
    *("topic__forum__name", "topic__forum__parent__name", "topic__forum__parent__space__slug"),
    *(f"topic__forum__space__{name}" for name in ("slug", "access", "circle", "region", "animators_open")),
    *("topic__forum__space__needs_approval", "topic__forum__space__theme__name", "topic__forum__space__theme__slug"),
    *(f"topic__first_post__{name}" for name in ("poster", "username", "_content_rendered")),
    "topic__first_post__message__is_anonymous",
    *(f"topic__poll__{name}" for name in ("topic", "question", "created", "duration", "max_options", "user_changes")),
)


def _with_page(found: DiscussionQuerySet) -> DiscussionQuerySet:
    """Fetch what the page of a discussion shows beside its messages."""
    found = found.select_related(
        "topic__forum__space__theme",
        "topic__forum__parent__space",
        "topic__first_post__message",
        "territory",
        "topic__poll",
    )
    # Most have none of these: asked here, they cost those no query of their own.
    return found.only(*_PAGE).annotate(
        has_files=Exists(Attachment.objects.filter(post__topic=OuterRef("pk"))),
        has_citations=Exists(Citation.objects.filter(topic=OuterRef("pk"))),
        has_withheld=Exists(Post.objects.filter(topic=OuterRef("pk"), approved=False)),
    )


def discussion_at(user: AnyUser, pk: int) -> Discussion | None:
    """Return a discussion that ``user`` may open, with all that its page shows beside the messages."""
    if pk >= KEYS_END:
        return None
    return _with_page(Discussion.objects.reachable_by(user)).filter(pk=pk).first()


def discussion_to_answer(user: User, pk: int) -> Discussion | None:
    """Return a discussion that ``user`` may open, with what tells whether they may write in it, and have begun to."""
    if pk >= KEYS_END:
        return None
    begun = Draft.objects.filter(user=user, key=Draft.key_of_answer(pk))
    asked = Discussion.objects.select_related("topic__forum__space").annotate(has_draft=Exists(begun)).filter(pk=pk)
    # Nearly always one that all its readers see: the longer condition costs a third of all that an answer does.
    return asked.visible_to(user).filter(merged_into=None).first() or asked.reachable_by(user).first()


@remembered(*AREAS)
def _published_at(pk: int) -> Discussion | None:
    return _with_page(Discussion.objects.published()).filter(pk=pk, merged_into=None).first()


def discussion_to_read(user: AnyUser, pk: int) -> Discussion | None:
    """Return what ``discussion_at`` does, a published one as each process remembers it: to read, not to change."""
    if pk >= KEYS_END:
        return None
    published = _published_at(pk)
    if published is not None and published.topic.forum_id in readable_space_ids(user):
        return published
    # Their own that wait, what they moderate.
    return discussion_at(user, pk) if is_member(user) else None


@dataclass(frozen=True)
class Marks:
    """What a discussion is to one member, and how many members have read it: their reading renews no page."""

    views_count: int
    is_bookmarked: bool = False
    is_unread: bool = False
    has_voted: bool = False
    writes_anonymously: bool = False


def marks_of(user: AnyUser, discussion: Discussion) -> Marks:
    """Return what ``discussion`` is to ``user``, in one query: nothing to those who are no members."""
    known = Marks(discussion.topic.views_count)
    if not is_member(user):
        return known
    member, pk, tracking = cast("User", user), discussion.pk, TrackingHandler()
    asked: dict[str, Any] = {
        "is_bookmarked": Exists(Bookmark.objects.filter(user=member, topic=pk)),
        "has_voted": Exists(UsefulVote.objects.filter(user=member, post__topic=pk)),
        "writes_anonymously": Exists(HiddenAuthor.objects.filter(user=member, post__topic=pk)),
    }
    if tracking.may_be_news(discussion.topic, member):
        asked["is_unread"] = ExpressionWrapper(tracking.unread(member), BooleanField())
    found = Topic.objects.filter(pk=pk).order_by().values("views_count", **asked).first()
    return Marks(**found) if found else known


def merged_into(user: AnyUser, pk: int) -> Discussion | None:
    """Return the discussion that holds the messages of one that was merged, if ``user`` reads it."""
    if pk >= KEYS_END:
        return None
    merged = Discussion.objects.filter(pk=pk).exclude(merged_into=None).values_list("merged_into", flat=True).first()
    return discussion_at(user, merged) if merged else None


#: What a message shows; its Markdown is read to quote or to change it alone.
_MESSAGE = (
    *("is_anonymous", "state", "state_reason", "useful_count", "revisions_count", "links", "organisation__name"),
    *(f"post__{name}" for name in ("topic", "poster", "created", "updated", "username", "_content_rendered")),
    *_person("post__poster"),
    *(f"post__poster__profile__{name}" for name in ("photo", "photo_visibility", "organisations_visibility")),
)


def messages_of(user: AnyUser, discussion: Discussion) -> QuerySet[Message]:
    """Return the messages of ``discussion`` that ``user`` reads, in order, with all that is shown of them.

    ``discussion`` comes from ``discussion_at``, and so says whether it has any files.
    """
    places = Membership.objects.active().select_related("organisation").order_by("pk")
    found = (
        Message.objects.of(discussion, user)
        .select_related("post__poster__profile", "organisation")
        .prefetch_related(Prefetch("post__poster__memberships", queryset=places, to_attr="active_places"))
        .only(*_MESSAGE)
        .order_by("post__created", "post__id")
    )
    if discussion.has_files:  # type: ignore[attr-defined]
        found = found.prefetch_related("post__attachments")
    return found


def voted_by(user: User, messages: Iterable[Message]) -> frozenset[int]:
    """Return which of ``messages`` a member found useful."""
    votes = UsefulVote.objects.filter(user=user, post__in=[message.pk for message in messages])
    return frozenset(votes.order_by().values_list("post_id", flat=True))


def position_of(user: AnyUser, message: Message) -> int:
    """Return how many messages of its discussion stand before ``message`` for this reader."""
    post = message.post
    earlier = Message.objects.reachable_by(user).filter(post__topic=post.topic_id, post__created__lte=post.created)
    same = earlier.filter(post__created=post.created, post__id__gte=post.pk).count()
    return earlier.count() - same


def message_at(user: AnyUser, pk: int) -> Message | None:
    """Return a message that ``user`` may read, with its discussion."""
    if pk >= KEYS_END:
        return None
    found = Message.objects.reachable_by(user).select_related(
        "post__topic__discussion", "post__topic__forum__space", "post__poster", "organisation"
    )
    return found.filter(pk=pk, post__topic__discussion__merged_into=None).first()


def citations_of(discussion: Discussion) -> list[str]:
    """Return the keys of the things that ``discussion`` is linked to."""
    return list(Citation.objects.filter(topic=discussion.pk).values_list("key", flat=True))


def citing(user: AnyUser, key: str) -> DiscussionQuerySet:
    """Return the discussions linked to the thing ``key`` that ``user`` reads, the latest first."""
    return Discussion.objects.visible_to(user).filter(topic__citations__key=key).order_by(*LATEST)


def poll_options(poll_id: int, user: AnyUser) -> list[TopicPollOption]:
    """Return the options of a poll, each with ``total`` votes and whether it ``is_chosen`` by ``user``."""
    own = Count("votes", filter=Q(votes__voter=user.pk)) if user.is_authenticated else Value(0)
    options = TopicPollOption.objects.filter(poll=poll_id).annotate(total=Count("votes"), is_chosen=own)
    return list(options.order_by("pk"))


def waiting_messages(user: AnyUser) -> QuerySet[Message]:
    """Return the messages that wait for ``user`` as a moderator, the oldest first."""
    found = Message.objects.filter(state=MessageState.WAITING).filter(moderated_by(user, "post__topic__discussion__"))
    return found.select_related("post__topic__forum__space", "post__topic__discussion", "post__poster").order_by("pk")
