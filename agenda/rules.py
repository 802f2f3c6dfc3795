"""Who is what in the agenda."""

from typing import cast

from django.db.models import Q

from agenda.enums import Access
from directory.models import Membership
from portal.accounts.models import User
from portal.accounts.rules import AnyUser, is_administrator, is_animator, is_member
from project_sheets.models import ProjectSheetPage, SheetLead


def is_laureate(user: AnyUser) -> bool:
    """Whether ``user`` leads a published sheet, or acts for an organisation that carries one.

    One query, remembered on the account for the request.
    """
    if not is_member(user):
        return False
    account = cast("User", user)
    known: bool | None = getattr(account, "_is_laureate", None)
    if known is None:
        leads = SheetLead.objects.filter(user=account, sheet__live=True).values("sheet_id")
        holders = Membership.objects.active().filter(user=account).values("organisation_id")
        own = Q(pk__in=leads) | Q(holder__in=holders)
        known = ProjectSheetPage.objects.live().filter(own).exists()
        account._is_laureate = known  # type: ignore[attr-defined]
    return known


def accesses_of(user: AnyUser) -> tuple[Access, ...]:
    """Return the audiences to which ``user`` belongs; invitations come by event, and are not among them."""
    if is_administrator(user):
        return tuple(Access)
    if not is_member(user):
        return (Access.PUBLIC,)
    found = (Access.PUBLIC, Access.MEMBERS)
    return (*found, Access.LAUREATES) if is_laureate(user) or is_animator(user) else found
