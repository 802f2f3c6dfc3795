"""Who is what in the agenda."""

from typing import cast

from agenda.enums import Access
from portal.accounts.models import User
from portal.accounts.rules import AnyUser, is_administrator, is_animator, is_member
from project_sheets.circles import is_laureate


def accesses_of(user: AnyUser) -> tuple[Access, ...]:
    """Return the audiences to which ``user`` belongs; invitations come by event, and are not among them.

    Asked once for each account read.
    """
    if is_administrator(user):
        return tuple(Access)
    if not is_member(user):
        return (Access.PUBLIC,)
    account = cast("User", user)
    known: tuple[Access, ...] | None = getattr(account, "_agenda_accesses", None)
    if known is None:
        is_expected = is_animator(account) or is_laureate(account.pk)
        known = (Access.PUBLIC, Access.MEMBERS, *([Access.LAUREATES] if is_expected else []))
        account._agenda_accesses = known  # type: ignore[attr-defined]
    return known
