"""Reads of organisations and of who acts for them."""

from collections.abc import Iterable
from typing import cast

from django.db.models import Prefetch, QuerySet

from directory.enums import SEEN_BY_MEMBERS, SEEN_BY_VISITORS
from directory.models import (
    Correction,
    Membership,
    MembershipQuerySet,
    OldAddress,
    Organisation,
    OrganisationQuerySet,
    Profile,
    ProfileQuerySet,
)
from directory.people import with_member_details
from portal.accounts.models import User
from portal.accounts.rules import AnyUser, animates, is_administrator, is_member
from portal.taxonomy.models import Territory


def organisation_ids_written_by(user: AnyUser) -> QuerySet:
    """Return the ids of the organisations in whose name ``user`` may write."""
    if not is_member(user):
        return Membership.objects.none().values("organisation_id")
    return Membership.objects.who_write().filter(user_id=cast("int", user.pk)).values("organisation_id")


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
        "networks",
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
    places = Membership.objects.active().held_by_members().exclude(user_id=membership.user_id)
    return places.filter(organisation_id=membership.organisation_id, role=Membership.Role.MANAGER)


def is_sole_manager(membership: Membership) -> bool:
    """Whether the organisation would have no manager without this person."""
    is_manager = membership.left_at is None and membership.role == Membership.Role.MANAGER
    return is_manager and not other_managers(membership).exists()


def organisations_with_members(user: AnyUser) -> list[Organisation]:
    """Return the organisations of ``user`` in order, each with its active ``places``, people and profiles."""
    own = Membership.objects.active().filter(user_id=cast("int", user.pk)).values("organisation_id")
    places = Membership.objects.active().select_related("user__profile").order_by("user__profile__search_text", "pk")
    kept = Organisation.objects.filter(pk__in=own, merged_into=None)
    organisations = kept.select_related("kind").order_by("search_text", "pk")
    waiting = Correction.objects.open().order_by("created_at", "pk")
    return list(
        organisations.prefetch_related(
            Prefetch("memberships", queryset=places, to_attr="places"),
            Prefetch("corrections", queryset=waiting, to_attr="open_corrections"),
        )
    )


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


def region_id_of(organisation: Organisation) -> int | None:
    """Return the region whose animators look after ``organisation``: its seat's, or the only one where it acts.

    None for one of the whole country, or of several regions: administrators look after it.
    """
    return region_id_around(organisation.seat, organisation.territories.all())


def region_id_around(seat: Territory | None, territories: Iterable[Territory]) -> int | None:
    """Return the region of an organisation that has this seat and acts in these territories: see ``region_id_of``."""
    if seat is not None and seat.level != Territory.Level.COUNTRY:
        return seat.pk if seat.level == Territory.Level.REGION else seat.region_id
    regions = {place.pk if place.level == Territory.Level.REGION else place.region_id for place in territories}
    return regions.pop() if len(regions) == 1 else None


def regions_written_by(user: User) -> frozenset[int] | None:
    """Return the regions in which an animator adds organisations and moves them; None for all, to an administrator."""
    return None if is_administrator(user) else user.animated_region_ids


def may_edit(user: AnyUser, organisation: Organisation) -> bool:
    """Whether ``user`` may write the page of ``organisation``: its managers and editors, and its region's animators."""
    return animates(user, region_id_of(organisation)) or writes_for(user, organisation)


def writes_for(user: AnyUser, organisation: Organisation) -> bool:
    """Whether ``user`` is a manager or an editor of ``organisation``."""
    return organisation_ids_written_by(user).filter(organisation_id=organisation.pk).exists()


def may_arrange(user: AnyUser, organisation: Organisation) -> bool:
    """Whether ``user`` may say of what ``organisation`` is a part: its managers, and its region's animators."""
    if animates(user, region_id_of(organisation)):
        return True
    return organisation_ids_managed_by(user).filter(organisation_id=organisation.pk).exists()


def acts_for(user: AnyUser, organisation: Organisation) -> bool:
    """Whether ``user`` has any place in ``organisation``."""
    places = Membership.objects.active().filter(organisation=organisation)
    return user.is_authenticated and places.filter(user_id=user.pk).exists()


def organisations_spoken_for(user: AnyUser) -> OrganisationQuerySet:
    """Return the organisations in whose name ``user`` may write."""
    return Organisation.objects.filter(pk__in=organisation_ids_written_by(user), merged_into=None).order_by(
        "search_text", "pk"
    )


def managers_of(organisation: Organisation) -> list[User]:
    """Return the members who manage ``organisation``, without who is suspended or gone."""
    places = Membership.objects.active().held_by_members()
    managers = places.filter(organisation=organisation, role=Membership.Role.MANAGER)
    return list(User.objects.filter(pk__in=managers.values("user_id")).order_by("pk"))


def has_manager(organisation: Organisation) -> bool:
    """Whether somebody manages ``organisation``."""
    return bool(managers_of(organisation))


def relay_addresses(organisation: Organisation) -> list[str]:
    """Return where messages to ``organisation`` go: its own address, else its managers'; for the outbox alone."""
    if organisation.relay_email:
        return [organisation.relay_email]
    return [manager.email for manager in managers_of(organisation)]


def address_of(slug: str) -> Organisation | None:
    """Return the organisation to which the old address ``slug`` leads."""
    old = OldAddress.objects.filter(slug=slug).select_related("organisation").first()
    return old.organisation if old else None


def deciders_for(region_id: int | None) -> list[User]:
    """Return who is told of a request: the active animators of the region, else the administrators."""
    active = User.objects.filter(is_active=True)
    approved = active.filter(membership_status=User.MembershipStatus.APPROVED)
    team = approved.filter(groups__region_team__territory=region_id) if region_id else approved.none()
    return list(team.distinct().order_by("pk")) or list(active.filter(is_superuser=True).order_by("pk"))
