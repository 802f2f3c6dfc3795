"""What the reader of a page may do there, decided once a request."""

from functools import cached_property
from typing import cast

from forum.community.models import Discussion, Message, Sanction, Space
from forum.community.models.discussions import HiddenAuthor
from forum.community.rules import moderates
from forum.machina_apps.forum_permission.checker import ForumPermissionChecker
from portal.accounts.models import User
from portal.accounts.rules import AnyUser, is_member


class Permissions:
    """One account's rights: machina's codes for a space, our own for a discussion's region."""

    def __init__(self, user: AnyUser) -> None:
        self.user = user
        self.checker = ForumPermissionChecker(user)

    @cached_property
    def suspension(self) -> Sanction | None:
        """The suspension that keeps this member from writing, if there is one."""
        if not is_member(self.user):
            return None
        return Sanction.objects.in_force().filter(user=cast("User", self.user)).first()

    @property
    def may_write(self) -> bool:
        """Whether the account writes anywhere at all."""
        return is_member(self.user) and self.suspension is None

    def may_open_in(self, space: Space) -> bool:
        """Whether they may open a discussion in ``space``."""
        return self.checker.has_perm("can_start_new_topics", space.forum) and self.suspension is None

    def posts_at_once(self, space: Space, region_id: int | None) -> bool:
        """Whether what they write there is published without a moderator."""
        return self.checker.has_perm("can_post_without_approval", space.forum) or moderates(self.user, region_id)

    def moderates(self, discussion: Discussion) -> bool:
        """Whether they moderate ``discussion``."""
        return moderates(self.user, discussion.region_id)

    def may_reply_to(self, discussion: Discussion) -> bool:
        """Whether they may answer: members, and in a locked discussion its moderators alone."""
        if not self.checker.has_perm("can_reply_to_topics", discussion.topic.forum):
            return False
        if discussion.topic.is_locked and not self.moderates(discussion):
            return False
        return self.suspension is None

    def wrote(self, message: Message) -> bool:
        """Whether the message is theirs, anonymous or not."""
        if not self.user.is_authenticated:
            return False
        if message.post.poster_id == self.user.pk:
            return True
        # Asked only of anonymous messages, whose post names nobody.
        return message.is_anonymous and HiddenAuthor.objects.filter(post=message.pk, user=self.user).exists()

    def may_edit(self, message: Message) -> bool:
        """Whether they may change the text: its author while the discussion is open, and moderators."""
        discussion = message.post.topic.discussion
        if self.moderates(discussion):
            return True
        return self.may_write and not message.post.topic.is_locked and self.wrote(message)

    def may_delete(self, message: Message) -> bool:
        """Whether they may delete it: moderators, and the author while nobody has answered the question."""
        if self.moderates(message.post.topic.discussion):
            return True
        if not (self.may_write and self.wrote(message)):
            return False
        # Answers that wait for a moderator would go with it too.
        return not message.is_first or not message.post.topic.posts.exclude(pk=message.pk).exists()

    def may_settle(self, discussion: Discussion, first: Message) -> bool:
        """Whether they say what helped: who asked, and moderators."""
        return self.moderates(discussion) or (self.may_write and self.wrote(first))
