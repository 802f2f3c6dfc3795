"""Reads of organisations and of who acts for them."""

from typing import cast

from django.db.models import Prefetch, QuerySet

from directory.enums import DirectorySort
from directory.models import Membership, Organisation, OrganisationQuerySet
from portal.accounts.rules import AnyUser, is_member


def organisation_ids_written_by(user: AnyUser) -> QuerySet:
    """Return the ids of the organisations in whose name ``user`` may write."""
    if not is_member(user):
        return Membership.objects.none().values("organisation_id")
    return Membership.objects.who_write().filter(user_id=cast("int", user.pk)).values("organisation_id")


def in_order(found: OrganisationQuerySet, sort: str) -> OrganisationQuerySet:
    """Order ``found`` as the reader asked; names compare without accents."""
    if sort == DirectorySort.RECENT:
        return found.order_by("-updated_at", "search_text", "pk")
    return found.order_by("search_text", "pk")


def with_card_details(found: OrganisationQuerySet) -> OrganisationQuerySet:
    """Fetch what a card shows, in a fixed number of queries."""
    return found.select_related("kind", "seat").prefetch_related("territories")


def organisation_details(user: AnyUser) -> OrganisationQuerySet:
    """Return the organisations that ``user`` may see, with all that their page shows."""
    visible = Organisation.objects.visible_to(user)
    return visible.select_related("kind", "seat__region", "seat__department").prefetch_related(
        "territories",
        "themes",
        "audiences",
        "other_names",
        Prefetch("branches", queryset=with_card_details(visible).order_by("search_text")),
    )


def visible_parent(user: AnyUser, organisation: Organisation) -> Organisation | None:
    """Return the organisation above, unless there is none or ``user`` may not see it."""
    if organisation.parent_id is None:
        return None
    return Organisation.objects.visible_to(user).filter(pk=organisation.parent_id).first()
