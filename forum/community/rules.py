"""Who may do what in the forum: machina's permissions, given by role and by space."""

from datetime import timedelta

from portal.accounts.rules import AnyUser, animates, is_administrator, is_animator, is_member

#: An author mends their message for this long without it being said; later the history shows it.
SILENT_EDIT = timedelta(minutes=5)

_READ = frozenset({"can_see_forum", "can_read_forum", "can_download_file"})
_WRITE = frozenset(
    {
        *("can_start_new_topics", "can_reply_to_topics", "can_edit_own_posts", "can_delete_own_posts"),
        *("can_create_polls", "can_vote_in_polls", "can_attach_file", "can_post_without_approval"),
    }
)
_MODERATE = frozenset(
    {
        *("can_post_announcements", "can_post_stickies", "can_lock_topics", "can_move_topics", "can_edit_posts"),
        *("can_delete_posts", "can_approve_posts", "can_reply_to_locked_topics"),
    }
)


def permissions_of(
    user: AnyUser, *, reads: bool, region_id: int | None, animators_open: bool = False, needs_approval: bool = False
) -> frozenset[str]:
    """Return the machina codes that ``user`` holds in a space.

    ``reads`` tells whether they belong to its readers; ``animators_open`` that animators alone open
    discussions there, ``needs_approval`` that messages wait for a moderator.
    """
    if not reads:
        return frozenset()
    held = _READ
    if is_member(user):
        held |= _WRITE
    if moderates(user, region_id):
        return held | _MODERATE
    if animators_open:
        held -= {"can_start_new_topics"}
    if needs_approval:
        held -= {"can_post_without_approval"}
    return held


def moderates(user: AnyUser, region_id: int | None) -> bool:
    """Whether ``user`` moderates what belongs to the region; what belongs to none is every animator's."""
    if region_id is None:
        return is_administrator(user) or is_animator(user)
    return animates(user, region_id)
