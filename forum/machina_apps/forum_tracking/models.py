"""What each member has read."""

from django.db import models
from django.utils import timezone
from machina.apps.forum_tracking.abstract_models import AbstractForumReadTrack, AbstractTopicReadTrack


class ForumReadTrack(AbstractForumReadTrack):
    """Until when a member has read a whole forum."""

    mark_time = models.DateTimeField(default=timezone.now)

    class Meta(AbstractForumReadTrack.Meta):
        app_label = "forum_tracking"
        ordering = ["pk"]


class TopicReadTrack(AbstractTopicReadTrack):
    """Until when a member has read a topic."""

    mark_time = models.DateTimeField(default=timezone.now)

    class Meta(AbstractTopicReadTrack.Meta):
        app_label = "forum_tracking"
        ordering = ["pk"]
