"""Polls of a discussion."""

from django.conf import settings
from django.db import models
from machina.apps.forum_conversation.forum_polls.abstract_models import (
    AbstractTopicPoll,
    AbstractTopicPollOption,
    AbstractTopicPollVote,
)


class TopicPoll(AbstractTopicPoll):
    """A question with options, beside a discussion."""

    class Meta(AbstractTopicPoll.Meta):
        app_label = "forum_polls"


class TopicPollOption(AbstractTopicPollOption):
    """One option."""

    class Meta(AbstractTopicPollOption.Meta):
        app_label = "forum_polls"
        ordering = ["pk"]


class TopicPollVote(AbstractTopicPollVote):
    """One member's choice of one option."""

    voter = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="poll_votes")

    class Meta(AbstractTopicPollVote.Meta):
        app_label = "forum_polls"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["poll_option", "voter"], name="poll_option_voted_once")]
