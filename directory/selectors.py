"""Reads of organisations and of who acts for them."""

from typing import cast

from django.db.models import Prefetch, QuerySet

from directory.enums import SEEN_BY_MEMBERS, SEEN_BY_VISITORS, DirectorySort
from directory.models import (
    Membership,
    MembershipQuerySet,
    Organisation,
    OrganisationQuerySet,
    Profile,
    ProfileQuerySet,
)
from directory.people import with_member_details
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


def organisation_ids_managed_by(user: AnyUser) -> QuerySet:
    """Return the ids of the organisations whose members ``user`` manages."""
    if not is_member(user):
        return Membership.objects.none().values("organisation_id")
    managed = Membership.objects.active().filter(role=Membership.Role.MANAGER)
    return managed.filter(user_id=cast("int", user.pk)).values("organisation_id")


def other_managers(membership: Membership) -> MembershipQuerySet:
    """Return the other managers of the organisation who can still act for it."""
    managers = Membership.objects.active().filter(
        organisation_id=membership.organisation_id, role=Membership.Role.MANAGER, user__is_active=True
    )
    return managers.exclude(user_id=membership.user_id)


def is_sole_manager(membership: Membership) -> bool:
    """Whether the organisation would have no manager without this person."""
    is_manager = membership.left_at is None and membership.role == Membership.Role.MANAGER
    return is_manager and not other_managers(membership).exists()


def organisations_with_members(user: AnyUser) -> list[Organisation]:
    """Return the organisations of ``user`` in order, each with its active ``places``, people and profiles."""
    own = Membership.objects.active().filter(user_id=cast("int", user.pk)).values("organisation_id")
    places = Membership.objects.active().select_related("user__profile").order_by("user__profile__search_text", "pk")
    organisations = Organisation.objects.filter(pk__in=own).select_related("kind").order_by("search_text", "pk")
    return list(organisations.prefetch_related(Prefetch("memberships", queryset=places, to_attr="places")))


#: How many people an organisation's page shows; the members' directory has them all.
MOST_PEOPLE = 12


def members_of_organisation(user: AnyUser, organisation: Organisation) -> ProfileQuerySet:
    """Return the first people whose place in ``organisation`` ``user`` may read."""
    levels = SEEN_BY_MEMBERS if is_member(user) else SEEN_BY_VISITORS
    places = Membership.objects.active().filter(organisation=organisation)
    shown = (
        Profile.objects.visible_to(user)
        .listed()
        .filter(user__in=places.values("user_id"), organisations_visibility__in=levels, name_visibility__in=levels)
    )
    return with_member_details(shown).order_by("search_text", "pk")[:MOST_PEOPLE]
