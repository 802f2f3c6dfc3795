"""What templates of the forum ask of discussions and messages."""

from datetime import datetime

from django import template

from forum.community import presentation, texts
from forum.community.models import Discussion
from forum.machina_apps.forum_conversation.models import Post

register = template.Library()


@register.filter
def excerpt(post: Post | None) -> str:
    """Return the beginning of a message as plain text, from its rendered text."""
    return texts.excerpt(post._content_rendered or "") if post else ""


@register.filter
def moment(value: datetime | None) -> str:
    """Show a moment as people write it: ``12 mars 2026 à 14 h 30``."""
    return presentation.moment(value)


@register.simple_tag
def discussion_badges(discussion: Discussion) -> list[dict[str, str]]:
    """Return the states of a discussion as badges."""
    return [{"label": label, "kind": kind} for label, kind in presentation.badges_of(discussion)]
