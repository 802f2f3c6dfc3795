"""machina's tables of permissions; ``forum_permission.handler`` goes by roles and spaces instead."""

from machina.apps.forum_permission.abstract_models import (
    AbstractForumPermission,
    AbstractGroupForumPermission,
    AbstractUserForumPermission,
)


class ForumPermission(AbstractForumPermission):
    """A permission by its code."""

    class Meta(AbstractForumPermission.Meta):
        app_label = "forum_permission"
        ordering = ["codename"]


class GroupForumPermission(AbstractGroupForumPermission):
    """A permission of a group."""

    class Meta(AbstractGroupForumPermission.Meta):
        app_label = "forum_permission"
        ordering = ["pk"]


class UserForumPermission(AbstractUserForumPermission):
    """A permission of a person."""

    class Meta(AbstractUserForumPermission.Meta):
        app_label = "forum_permission"
        ordering = ["pk"]
