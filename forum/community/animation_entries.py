"""What the forum brings to "Animation"."""

from django.utils.translation import gettext_lazy as _

from forum.community.models import Discussion
from forum.community.models.discussions import moderated_by
from forum.community.selectors.discussions import waiting_messages
from portal.accounts.cockpit import declare
from portal.accounts.models import User


def _messages(user: User) -> int:
    return waiting_messages(user).count()


def _questions(user: User) -> int:
    """Count the questions that were passed on and wait still."""
    return Discussion.objects.published().filter(moderated_by(user)).unanswered().exclude(escalated_at=None).count()


declare("forum_animation:queue", _("Messages to approve"), order=40, count=_messages)
declare("forum_animation:waiting", _("Questions that wait"), order=42, count=_questions)
declare("forum_animation:sanctions", _("Warnings and suspensions"), order=44)
declare("forum_animation:spaces", _("Spaces of the forum"), order=46)
