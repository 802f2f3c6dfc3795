"""What happened, noted in the ledger within the transaction that did it; workers tell people later."""

from uuid import uuid4

from directory.models import Profile
from forum.community.models import Discussion, Message, Sanction
from forum.community.selectors.people import author_of
from forum.community.texts import mentioned_short_ids
from portal.accounts.models import User
from portal.content.models import ResourcePage
from portal.notifications.services import record_event


def _actor(message: Message) -> User | None:
    """Return who wrote ``message``, for the ledger: it never tells people of their own acts.

    An anonymous author too: the ledger shows no actor, it only leaves them out.
    """
    return author_of(message.post)


def tell_question(*, message: Message) -> None:
    """Note a new discussion, for who follows its space, theme, place or, unless anonymous, its author."""
    discussion = message.post.topic.discussion
    record_event("forum.question", about=discussion, key=str(discussion.pk), actor=_actor(message))


def tell_message(*, message: Message) -> None:
    """Note a new message, for who follows its discussion."""
    record_event("forum.answer", about=message, key=str(message.pk), actor=_actor(message))


def tell_mentions(*, message: Message) -> None:
    """Note whom a message mentions, if it does: members whom its author may meet."""
    short_ids, author = mentioned_short_ids(message.post.content.raw), _actor(message)
    if not short_ids or author is None:
        return
    # A link may be typed by hand: it mentions nobody whom its author could not have found.
    found = Profile.objects.listed().visible_to(author).filter(user__short_id__in=short_ids)
    if known := sorted(found.order_by().values_list("user__short_id", flat=True)):
        record_event("forum.mention", about=message, key=str(message.pk), actor=author, data={"short_ids": known})


def tell_helped(*, message: Message, by: User) -> None:
    """Note that an answer helped, for its author."""
    record_event("forum.helped", about=message, key=str(message.pk), actor=by)


def tell_waiting(*, message: Message) -> None:
    """Note that a message waits for a moderator, each time that it does."""
    record_event("forum.to_moderate", about=message, key=_new_key(message), actor=_actor(message))


def tell_decision(*, message: Message, by: User, decision: str, reason: str = "") -> None:
    """Note what a moderator decided of a message, for its author, each time that one decides."""
    data = {"decision": decision, "reason": reason}
    record_event("forum.decision", about=message, key=_new_key(message), actor=by, data=data)


def _new_key(message: Message) -> str:
    """Return the key of what may happen to a message again: withdrawn, published, withdrawn once more."""
    return f"{message.pk}:{uuid4().hex}"


def tell_sanction(*, sanction: Sanction, by: User) -> None:
    """Note a warning or a suspension, for the person it concerns."""
    record_event("forum.sanction", about=sanction, key=str(sanction.pk), actor=by)


def tell_draft(*, page: ResourcePage, by: User) -> None:
    """Note that a page of resource was drafted from a discussion, for who publishes pages."""
    record_event("forum.resource", about=page, key=str(page.pk), actor=by)


def tell_unanswered(*, discussion: Discussion) -> None:
    """Note that a question waits, for those who were asked to look at it and for animators."""
    record_event("forum.unanswered", about=discussion, key=str(discussion.pk))
    record_event("forum.unanswered_animator", about=discussion, key=str(discussion.pk))
