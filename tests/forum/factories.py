"""Spaces, discussions and messages, made by the services that the pages use."""

from itertools import count
from typing import Any

from forum.community.enums import Access
from forum.community.models import Discussion, Message, Space
from forum.community.services.spaces import open_space
from forum.community.services.writing import Writing, ask_question, reply
from portal.accounts.models import User
from tests.factories.accounts import UserFactory

_numbers = count(1)


def make_space(**values: Any) -> Space:
    """Open a space that everyone reads, unless told otherwise."""
    number = next(_numbers)
    return open_space(**{"name": f"Espace {number}", "slug": f"espace-{number}", "access": Access.OPEN, **values})


def make_discussion(
    space: Space | None = None, author: User | None = None, text: str = "Comment faites-vous ?", **values: Any
) -> Discussion:
    """Ask a question."""
    writing = Writing(text, **{name: values.pop(name) for name in ("is_anonymous", "organisation") if name in values})
    return ask_question(
        author=author or UserFactory(),
        space=space or make_space(),
        writing=writing,
        **{"subject": f"Une question de test n° {next(_numbers)}", **values},
    )


def make_answer(
    discussion: Discussion, author: User | None = None, text: str = "Voici comment.", **values: Any
) -> Message:
    """Answer."""
    found = Discussion.objects.select_related("topic__forum__space").get(pk=discussion.pk)
    return reply(author=author or UserFactory(), discussion=found, writing=Writing(text, **values))


def first_message(discussion: Discussion) -> Message:
    """Return the message that opens a discussion."""
    return Message.objects.select_related("post__topic").get(
        post__topic=discussion.pk, pk=discussion.topic.first_post_id
    )
