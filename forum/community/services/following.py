"""Who is told of what: the ledger of attention keeps it, we say when somebody begins to follow."""

from django.utils.translation import gettext_noop

from forum.community.models import Discussion
from portal.accounts.models import User
from portal.notifications.services import follow

TAKES_PART = gettext_noop("You take part in this discussion.")


def follow_discussion(*, user: User, discussion: Discussion) -> None:
    """Have ``user``, who writes in it, follow ``discussion``; nothing changes where they do."""
    follow(user=user, target=discussion, because=TAKES_PART)
