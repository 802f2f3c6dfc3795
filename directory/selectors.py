"""Reads of organisations and of who acts for them."""

from django.db.models import QuerySet

from directory.models import Membership
from portal.accounts.rules import AnyUser, is_member


def organisation_ids_written_by(user: AnyUser) -> QuerySet:
    """Return the ids of the organisations in whose name ``user`` may write."""
    if not is_member(user):
        return Membership.objects.none().values("organisation_id")
    return Membership.objects.who_write().filter(user_id=user.pk).values("organisation_id")


def may_write_for(user: AnyUser, organisation_id: int | None) -> bool:
    """Whether ``user`` is an editor or manager of the organisation."""
    return organisation_id is not None and organisation_ids_written_by(user).filter(
        organisation_id=organisation_id
    ).exists()
