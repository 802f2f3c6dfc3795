"""machina's question "may this person do that here", answered by roles and spaces."""

from collections.abc import Iterable
from typing import Any

from forum.community.models import Space
from forum.community.models.discussions import readable_space_ids
from forum.community.rules import permissions_of
from forum.machina_apps.forum.models import Forum
from portal.accounts.rules import AnyUser


class ForumPermissionChecker:
    """What one account may do, forum by forum; made for one request and asked no query twice."""

    def __init__(self, user: AnyUser) -> None:
        self.user = user
        self._held: dict[int, frozenset[str]] = {}

    def has_perm(self, perm: str, forum: Forum) -> bool:
        """Tell whether the account holds the code ``perm`` in ``forum``; a forum without a space is closed."""
        return perm in self.get_perms(forum)

    def get_perms(self, forum: Forum) -> frozenset[str]:
        """Return the codes that the account holds in ``forum``."""
        if forum.pk not in self._held:
            space = getattr(forum, "space", None)
            self._held[forum.pk] = self._of_space(space) if space is not None else frozenset()
        return self._held[forum.pk]

    def get_perms_for_forumlist(
        self, forums: Iterable[Forum], perm_codenames: Any = None
    ) -> dict[Forum, frozenset[str]]:
        """Return what the account holds in each of ``forums``."""
        return {forum: self.get_perms(forum) for forum in forums}

    def _of_space(self, space: Space) -> frozenset[str]:
        return permissions_of(
            self.user,
            reads=space.pk in readable_space_ids(self.user),
            region_id=space.region_id,
            animators_open=space.animators_open,
            needs_approval=space.needs_approval,
        )
