"""The tree of spaces: every change holds it whole, since two at once corrupt a nested-set tree."""

from django.db import connection, transaction

from forum.community.enums import Access
from forum.community.models import Space
from forum.machina_apps.forum.models import Forum
from portal.taxonomy.models import Territory, Theme


def _hold_tree() -> None:
    """Let nobody else change the tree before this transaction ends.

    django-mptt reads, computes and writes without a lock. SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Forum._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


@transaction.atomic
def open_space(
    *,
    name: str,
    slug: str,
    description: str = "",
    parent: Space | None = None,
    theme: Theme | None = None,
    access: str = Access.OPEN,
    circle: str = "",
    region: Territory | None = None,
    animators_open: bool = False,
    needs_approval: bool = False,
) -> Space:
    """Open a space below ``parent`` or at the top, after those that are there. For animators and set-up code."""
    _hold_tree()
    above = Forum.objects.get(pk=parent.pk) if parent else None
    forum = Forum(name=name[:100], description=description, parent=above, type=Forum.FORUM_POST)
    forum.save()
    return Space.objects.create(
        forum=forum,
        slug=slug,
        theme=theme,
        access=access,
        circle=circle if access == Access.CIRCLE else "",
        region=region,
        animators_open=animators_open,
        needs_approval=needs_approval,
    )


@transaction.atomic
def change_space(*, space: Space, name: str, description: str) -> None:
    """Write what is said of a space, beside its own fields, which the caller has set."""
    _hold_tree()
    forum = Forum.objects.get(pk=space.pk)
    forum.name, forum.description = name[:100], description
    forum.save()
    space.save()


@transaction.atomic
def move_space(*, space: Space, is_up: bool) -> None:
    """Move a space before its neighbour, or after it; nothing happens at either end."""
    _hold_tree()
    forum = Forum.objects.get(pk=space.pk)
    neighbour = forum.get_previous_sibling() if is_up else forum.get_next_sibling()
    if neighbour is not None:
        forum.move_to(neighbour, "left" if is_up else "right")


@transaction.atomic
def delete_space(*, space: Space) -> None:
    """Delete an empty space; raises ValueError where it holds discussions or other spaces."""
    _hold_tree()
    forum = Forum.objects.get(pk=space.pk)
    if forum.topics.exists() or not forum.is_leaf_node():
        raise ValueError("the space is not empty")
    forum.delete()
