"""What settles a discussion: the answer that helped, useful votes, the sheet that used it."""

from django.db import transaction
from django.utils import timezone

from forum.community.models import Bookmark, Citation, Discussion, Message, UsefulVote
from forum.community.selectors.people import author_of
from forum.community.services.news import tell_helped
from forum.machina_apps.forum_conversation.models import Topic
from portal.accounts.models import User


@transaction.atomic
def mark_helpful(*, message: Message, by: User) -> None:
    """Say that ``message`` settled its discussion: "Cette réponse m'a aidé". The latest choice stands.

    Who asked and moderators may call this. The answer's author is told. Raises ValueError for the question itself.
    """
    if message.is_first:
        raise ValueError("the question does not answer itself")
    discussion = Discussion.objects.select_for_update().get(pk=message.post.topic_id)
    discussion.helpful_post, discussion.solved_at = message.post, timezone.now()
    discussion.save(update_fields=["helpful_post", "solved_at"])
    author = author_of(message.post)
    if author is not None and author.pk != by.pk:
        tell_helped(message=message, by=by)


def mark_solved(*, discussion: Discussion, is_solved: bool) -> None:
    """Settle a discussion without choosing an answer, or open it again; who asked and moderators may."""
    discussion.solved_at = timezone.now() if is_solved else None
    if not is_solved:
        discussion.helpful_post = None
    discussion.save(update_fields=["solved_at", "helpful_post"])


@transaction.atomic
def vote_useful(*, user: User, message: Message, is_useful: bool) -> None:
    """Note that ``user`` finds a message useful, or no longer; once each, whatever the number of calls.

    Raises ValueError for one's own message.
    """
    author = author_of(message.post)
    if author is not None and author.pk == user.pk:
        raise ValueError("one does not vote for oneself")
    if is_useful:
        _vote, created = UsefulVote.objects.get_or_create(user=user, post=message.post)
        message.count_useful(1 if created else 0)
    else:
        deleted, _by_model = UsefulVote.objects.filter(user=user, post=message.post).delete()
        message.count_useful(-1 if deleted else 0)


def bookmark(*, user: User, topic: Topic, is_kept: bool) -> None:
    """Keep a discussion at hand, or no longer."""
    if is_kept:
        Bookmark.objects.get_or_create(user=user, topic=topic)
    else:
        Bookmark.objects.filter(user=user, topic=topic).delete()


def cite(*, topic: Topic, key: str, by: User) -> Citation:
    """Link a discussion to the thing that search knows as ``key``, which the caller has checked ``by`` may see."""
    return Citation.objects.get_or_create(topic=topic, key=key, defaults={"linked_by": by})[0]


def uncite(*, topic: Topic, key: str) -> None:
    """Take that link away."""
    for citation in Citation.objects.filter(topic=topic, key=key):
        citation.delete()
