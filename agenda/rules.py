"""Who is what in the agenda."""

from typing import cast

from agenda.enums import Access
from portal.accounts.models import User
from portal.accounts.rules import AnyUser, is_administrator, is_animator, is_member
from project_sheets.circles import is_laureate


def accesses_of(user: AnyUser) -> tuple[Access, ...]:
    """Return the audiences to which ``user`` belongs; invitations come by event, and are not among them."""
    if is_administrator(user):
        return tuple(Access)
    if not is_member(user):
        return (Access.PUBLIC,)
    found = (Access.PUBLIC, Access.MEMBERS)
    return (*found, Access.LAUREATES) if is_animator(user) or is_laureate(cast("User", user).pk) else found
