"""Answers that come by e-mail."""

from email.message import EmailMessage
from enum import StrEnum

from django.conf import settings
from django.db import transaction

from forum.community.incoming import is_automatic, recipients_of, sender_of, text_of
from forum.community.models import Discussion
from forum.community.permissions import Permissions
from forum.community.reply_addresses import read_reply_address
from forum.community.selectors.people import writes_anonymously
from forum.community.services.writing import ClosedMeanwhileError, Writing, reply
from portal.accounts.models import User
from portal.core.throttle import take_turn
from portal.mail.services import queue_mail
from portal.moderation.guard import find_personal_data

#: The same message may be handed over twice: its Message-ID is taken once in this time.
ONCE, SECONDS = 1, 7 * 86_400
MOST_ANSWERS, WINDOW = 20, 600


class Outcome(StrEnum):
    """What became of an e-mail."""

    PUBLISHED = "published"
    IGNORED = "ignored"
    UNKNOWN_ADDRESS = "unknown-address"
    WRONG_SENDER = "wrong-sender"
    EMPTY = "empty"
    NOT_ALLOWED = "not-allowed"
    PERSONAL_DATA = "personal-data"
    TOO_MANY = "too-many"


#: What the person is told, by mail; the others are nobody's business.
TOLD = frozenset({Outcome.EMPTY, Outcome.NOT_ALLOWED, Outcome.PERSONAL_DATA, Outcome.TOO_MANY})


def receive_reply(*, mail: EmailMessage, recipient: str = "") -> Outcome:
    """Publish an e-mail that answers a discussion; ``recipient`` is where the mail server delivered it.

    The address is signed for one member and one discussion, and the sender must be that member's own
    address, so that a forwarded mail lets nobody else write. What a machine wrote is ignored. A refusal
    that a person can do something about is told to them, with a link.
    """
    if is_automatic(mail):
        return Outcome.IGNORED
    addresses = [recipient] if recipient else recipients_of(mail)
    known = next((found for found in map(read_reply_address, addresses) if found), None)
    if known is None:
        return Outcome.UNKNOWN_ADDRESS
    user, discussion_id = known
    if sender_of(mail) != user.email.lower():
        return Outcome.WRONG_SENDER
    message_id = str(mail.get("Message-ID", "")).strip()
    if message_id and not take_turn("forum-mail", f"{user.pk}:{message_id}", limit=ONCE, seconds=SECONDS):
        return Outcome.IGNORED
    discussion = (
        Discussion.objects.visible_to(user).select_related("topic__forum__space").filter(pk=discussion_id).first()
    )
    outcome = _publish(user, discussion, text_of(mail))
    if outcome in TOLD:
        _tell(user, discussion, outcome, message_id)
    return outcome


@transaction.atomic
def _publish(user: User, discussion: Discussion | None, text: str) -> Outcome:
    if discussion is None or not Permissions(user).may_reply_to(discussion):
        return Outcome.NOT_ALLOWED
    if not text:
        return Outcome.EMPTY
    # Nobody is there to confirm: what the guard stops is sent back to the page, where it can be.
    if find_personal_data(text):
        return Outcome.PERSONAL_DATA
    if not take_turn("forum-message", str(user.pk), limit=MOST_ANSWERS, seconds=WINDOW):
        return Outcome.TOO_MANY
    # A mail has no box to tick: who hid their name in the discussion goes on hiding it.
    is_anonymous = writes_anonymously(user, discussion.pk)
    try:
        reply(author=user, discussion=discussion, writing=Writing(text, is_anonymous=is_anonymous))
    except ClosedMeanwhileError:
        return Outcome.NOT_ALLOWED
    return Outcome.PUBLISHED


def _tell(user: User, discussion: Discussion | None, outcome: Outcome, message_id: str) -> None:
    path = discussion.get_absolute_url() if discussion else "/forum/"
    queue_mail(
        "community_forum.reply_refused",
        to=user.email,
        key=f"forum:reply-refused:{user.pk}:{message_id or outcome}"[:200],
        context={"outcome": str(outcome), "title": discussion.topic.subject if discussion else ""},
        url=f"{settings.BASE_URL}{path}",
    )
