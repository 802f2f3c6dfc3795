"""What a member has read."""

from django.db.models import F

from forum.community.models import Discussion, Space
from forum.machina_apps.forum_conversation.models import Topic
from forum.machina_apps.forum_tracking.handler import TrackingHandler
from portal.accounts.models import User


def note_read(*, user: User, discussion: Discussion) -> None:
    """Note that ``user`` has read all of ``discussion``, of which something was new to them."""
    TrackingHandler().mark_topic_read(discussion.topic, user)
    Topic.objects.filter(pk=discussion.pk).update(views_count=F("views_count") + 1)


def mark_all_read(*, user: User, spaces: list[Space]) -> None:
    """Note that ``user`` has read all of ``spaces``."""
    TrackingHandler().mark_forums_read([space.forum for space in spaces], user)
