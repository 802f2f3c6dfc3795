"""Reads of the spaces."""

from forum.community.models import Space, SpaceQuerySet
from forum.community.models.discussions import readable_space_ids
from forum.community.page_cache_rules import AREAS
from forum.community.permissions import Permissions
from portal.accounts.rules import AnyUser
from portal.core.remember import remembered

#: What the row of a space shows; whole rows, for each space of the forum, cost three times as much.
_ROW = (
    *("slug", "access"),
    *(f"forum__{name}" for name in ("name", "description", "_description_rendered", "level", "parent")),
    *("forum__direct_topics_count", "forum__last_post__created", "forum__last_post__topic__subject"),
)


def spaces_with_latest() -> list[Space]:
    """Return every space in the order of the tree, each with its latest discussion; whoever shows them filters."""
    return list(_in_order(Space.objects.all()).select_related("forum__last_post__topic").only(*_ROW))


def _in_order(spaces: SpaceQuerySet) -> SpaceQuerySet:
    return spaces.select_related("forum").order_by("forum__tree_id", "forum__lft")


@remembered(*AREAS)
def _space_with_parent(slug: str) -> Space | None:
    return Space.objects.select_related("forum__parent__space").filter(slug=slug).first()


def space_at(user: AnyUser, slug: str) -> Space | None:
    """Return the space at the address ``slug`` if ``user`` reads it, with its parent: to read, not to change."""
    space = _space_with_parent(slug)
    return space if space is not None and space.pk in readable_space_ids(user) else None


def spaces_to_write_in(permissions: Permissions) -> list[Space]:
    """Return the spaces in which a discussion may be opened, in the order of the tree."""
    spaces = _in_order(Space.objects.visible_to(permissions.user)).select_related("forum", "theme")
    return [space for space in spaces if permissions.may_open_in(space)]


def all_spaces() -> list[Space]:
    """Return every space in the order of the tree, for those who arrange them."""
    return list(_in_order(Space.objects.all()).select_related("theme", "region"))
