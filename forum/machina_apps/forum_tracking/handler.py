"""What is unread for a member: asked of this member's own marks alone, in one condition."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from forum.machina_apps.forum.models import Forum
from forum.machina_apps.forum_conversation.models import Topic
from forum.machina_apps.forum_tracking.models import ForumReadTrack, TopicReadTrack
from portal.accounts.models import User
from portal.accounts.rules import AnyUser

#: What was said longer ago is nobody's news: it keeps the page of unread discussions short and fast.
NEWS_FOR = timedelta(days=60)


class Dated(Protocol):
    """What tells whether a topic is read: a topic itself, or what a list remembers of it."""

    @property
    def pk(self) -> int:
        """The topic's."""

    @property
    def forum_id(self) -> int:
        """Its forum's."""

    @property
    def last_post_on(self) -> datetime | None:
        """When it was last written in."""


T = TypeVar("T", bound=Dated)


def _said_after(topic: Dated, *marks: datetime | None) -> bool:
    return topic.last_post_on is not None and all(mark is None or topic.last_post_on > mark for mark in marks)


class TrackingHandler:
    """Made for one request; stock machina keeps one for the whole process, and joins everybody's marks.

    There a topic became read because somebody else had read it, and a new member had the whole
    forum to read: here what is older than the account counts as read.
    """

    def __init__(self, request: Any = None) -> None:
        self.request = request

    @staticmethod
    def since(user: User) -> datetime:
        """Return the moment before which everything counts as read."""
        return max(user.date_joined, timezone.now() - NEWS_FOR)

    def unread(self, user: User, topic: str = "") -> Q:
        """Return the condition "unread by ``user``"; ``topic`` is the path to the topic ("topic__")."""
        latest = OuterRef(f"{topic}last_post_on")
        of_topic = TopicReadTrack.objects.filter(user=user, topic=OuterRef(f"{topic}pk"), mark_time__gte=latest)
        of_forum = ForumReadTrack.objects.filter(user=user, forum=OuterRef(f"{topic}forum_id"), mark_time__gte=latest)
        return Q(~Exists(of_topic), ~Exists(of_forum), **{f"{topic}last_post_on__gt": self.since(user)})

    def may_be_news(self, topic: Dated, user: AnyUser) -> bool:
        """Whether something was said in ``topic`` that does not count as read anyway: no query."""
        return user.is_authenticated and topic.last_post_on is not None and topic.last_post_on > self.since(user)

    def get_unread_topics(self, topics: Sequence[T], user: AnyUser) -> list[T]:
        """Return those of ``topics`` that ``user`` has not read, in two queries at most; none for what is old news."""
        recent = [topic for topic in topics if self.may_be_news(topic, user)]
        if not recent:
            return []
        ids = [topic.pk for topic in recent]
        read = dict(TopicReadTrack.objects.filter(user=user, topic__in=ids).values_list("topic_id", "mark_time"))
        forums = {topic.forum_id for topic in recent}
        whole = dict(ForumReadTrack.objects.filter(user=user, forum__in=forums).values_list("forum_id", "mark_time"))
        return [topic for topic in recent if _said_after(topic, read.get(topic.pk), whole.get(topic.forum_id))]

    def mark_topic_read(self, topic: Topic, user: AnyUser) -> None:
        """Note that ``user`` has read ``topic`` up to now."""
        if user.is_authenticated:
            TopicReadTrack.objects.update_or_create(topic=topic, user=user, defaults={"mark_time": timezone.now()})

    def mark_forums_read(self, forums: Iterable[Forum], user: AnyUser) -> None:
        """Note that ``user`` has read all of ``forums`` up to now."""
        if not user.is_authenticated:
            return
        now = timezone.now()
        chosen = list(forums)
        for forum in chosen:
            ForumReadTrack.objects.update_or_create(forum=forum, user=user, defaults={"mark_time": now})
        TopicReadTrack.objects.filter(user=user, topic__forum__in=chosen, mark_time__lte=now).delete()
