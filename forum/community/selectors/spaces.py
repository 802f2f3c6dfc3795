"""Reads of the spaces."""

from forum.community.models import Space, SpaceQuerySet
from forum.community.permissions import Permissions
from portal.accounts.rules import AnyUser


def spaces_with_latest() -> list[Space]:
    """Return every space in the order of the tree, each with its latest discussion; whoever shows them filters."""
    latest = _in_order(Space.objects.all()).select_related("theme", "forum__last_post__topic")
    return list(latest.defer("forum__last_post__content", "forum__last_post___content_rendered"))


def _in_order(spaces: SpaceQuerySet) -> SpaceQuerySet:
    return spaces.select_related("forum").order_by("forum__tree_id", "forum__lft")


def space_at(user: AnyUser, slug: str) -> Space | None:
    """Return the space at the address ``slug`` if ``user`` reads it, with what its page shows."""
    return Space.objects.visible_to(user).select_related("forum__parent__space").filter(slug=slug).first()


def spaces_below(user: AnyUser, space: Space) -> list[Space]:
    """Return the spaces just below ``space`` that ``user`` reads."""
    if space.forum.is_leaf_node():
        return []
    below = _in_order(Space.objects.visible_to(user).filter(forum__parent=space.pk))
    return list(below.select_related("theme", "forum__last_post__topic"))


def spaces_to_write_in(permissions: Permissions) -> list[Space]:
    """Return the spaces in which a discussion may be opened, in the order of the tree."""
    spaces = _in_order(Space.objects.visible_to(permissions.user)).select_related("forum", "theme")
    return [space for space in spaces if permissions.may_open_in(space)]


def all_spaces() -> list[Space]:
    """Return every space in the order of the tree, for those who arrange them."""
    return list(_in_order(Space.objects.all()).select_related("theme", "region"))
