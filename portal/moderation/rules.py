"""Who decides on what was reported."""

from typing import TYPE_CHECKING

from portal.accounts.rules import AnyUser, animates, is_animator

if TYPE_CHECKING:
    from portal.moderation.models import Report


def may_moderate(user: AnyUser, report: "Report") -> bool:
    """Whether ``user`` decides on ``report``: an animator of its region, an administrator where it has none."""
    return is_animator(user) and animates(user, report.region_id)
