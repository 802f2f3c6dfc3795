"""Polls beside a discussion."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from forum.machina_apps.forum_conversation.forum_polls.models import TopicPoll, TopicPollOption, TopicPollVote
from forum.machina_apps.forum_conversation.models import Topic
from portal.accounts.models import User
from portal.core import areas


@dataclass(frozen=True)
class PollData:
    """A question with its options; ``days`` None leaves it open, ``is_multiple`` lets several be chosen."""

    question: str
    options: Sequence[str]
    is_multiple: bool = False
    days: int | None = None


class PollClosedError(Exception):
    """The poll takes no vote any more."""


def open_poll(*, topic: Topic, data: PollData) -> TopicPoll:
    """Open a poll; votes can be changed until it closes."""
    poll = TopicPoll.objects.create(
        topic=topic,
        question=data.question,
        duration=data.days,
        max_options=len(data.options) if data.is_multiple else 1,
        user_changes=True,
    )
    TopicPollOption.objects.bulk_create([TopicPollOption(poll=poll, text=text) for text in data.options])
    return poll


def is_open(poll: TopicPoll) -> bool:
    """Whether it takes votes: its discussion is not locked, its time is not over."""
    if poll.topic.is_locked:
        return False
    return poll.duration is None or timezone.now() < poll.created + timedelta(days=poll.duration)


@transaction.atomic
def vote(*, user: User, poll: TopicPoll, options: Sequence[TopicPollOption]) -> None:
    """Replace the votes of ``user``; raises PollClosedError, and ValueError for more options than allowed."""
    # Held, so that the same person voting twice at once is counted once.
    held = TopicPoll.objects.select_for_update().select_related("topic").get(pk=poll.pk)
    if not is_open(held):
        raise PollClosedError
    if len(options) > held.max_options:
        raise ValueError(f"{held.max_options} options at most")
    TopicPollVote.objects.filter(poll_option__poll=held, voter=user).delete()
    TopicPollVote.objects.bulk_create([TopicPollVote(poll_option=option, voter=user) for option in options])
    # Many at once send no signal, which pages with the totals would be made anew by.
    areas.invalidate(["forum"])
