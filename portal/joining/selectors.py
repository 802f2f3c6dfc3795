"""Reads of joining: what waits for a decision, and what helps to take it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher

from django.db.models import Q, QuerySet
from django.utils import timezone

from directory.models import Membership, Organisation, OrganisationQuerySet
from directory.selectors import organisation_ids_managed_by
from portal.accounts.models import User
from portal.accounts.rules import AnyUser, animates, is_administrator, is_animator, is_member
from portal.joining.enums import CONFIRMED_STATES
from portal.joining.models import Invitation, InvitationQuerySet, Registration, RegistrationQuerySet
from portal.taxonomy.models import Territory, normalize_name

#: Words that half of the organisations share tell nothing of a resemblance.
SHORT_WORD = 4
CANDIDATES = 200
SHOWN_MATCHES = 8


def similar_organisations(name: str, *, limit: int = SHOWN_MATCHES) -> list[Organisation]:
    """Return the listed organisations that ``name`` may mean, the likeliest first.

    Those that hold all its words come before those that share one of its long words.
    """
    words = normalize_name(name).split()
    long_words = [word for word in words if len(word) >= SHORT_WORD] or words
    if not words:
        return []
    shares = Q()
    for word in long_words:
        shares |= Q(search_text__contains=word)
    candidates = list(Organisation.objects.listed().filter(shares).select_related("kind", "seat")[:CANDIDATES])
    wanted = " ".join(words)

    def likeness(organisation: Organisation) -> tuple[bool, float, str]:
        has_all = all(word in organisation.search_text for word in words)
        ratio = SequenceMatcher(None, wanted, normalize_name(organisation.name)).ratio()
        return (not has_all, -ratio, organisation.search_text)

    return sorted(candidates, key=likeness)[:limit]


def suggested_names(text: str, *, limit: int = SHOWN_MATCHES) -> list[str]:
    """Return names of listed organisations that hold every word of ``text``, in order, for an input."""
    if len(normalize_name(text)) < 2:
        return []
    return list(
        Organisation.objects.listed().matching(text).order_by("search_text").values_list("name", flat=True)[:limit]
    )


def region_of(organisation: Organisation | None) -> Territory | None:
    """Return the region of an organisation's seat; None for one of the whole country, or without a seat."""
    seat = organisation.seat if organisation else None
    return region_around(seat)


def region_around(place: Territory | None) -> Territory | None:
    """Return the region that holds ``place``, or that it is."""
    if place is None:
        return None
    return place if place.level == Territory.Level.REGION else place.region


@dataclass(frozen=True)
class Desk:
    """From where somebody invites: as an animator, or as a manager of organisations."""

    user: User
    is_animation: bool
    #: The slug of the organisation from whose page a manager comes.
    asked: str = ""

    @property
    def is_open(self) -> bool:
        """Whether this person has any business there."""
        return is_animator(self.user) if self.is_animation else self.organisations.exists()

    @property
    def organisations(self) -> OrganisationQuerySet:
        """The organisations into which they may invite."""
        if self.is_animation:
            return Organisation.objects.visible_to(self.user)
        return Organisation.objects.filter(pk__in=organisation_ids_managed_by(self.user))

    @property
    def invitations(self) -> InvitationQuerySet:
        """The invitations that they see and manage."""
        found = (
            Invitation.objects.animated_by(self.user) if self.is_animation else Invitation.objects.managed_by(self.user)
        )
        return found.select_related("organisation", "invited_by")


def may_invite(user: User, organisation: Organisation | None) -> bool:
    """Whether ``user`` may invite somebody into ``organisation``: its managers, and animators everywhere."""
    if is_animator(user):
        return True
    return (
        organisation is not None
        and Membership.objects.active()
        .filter(user=user, organisation=organisation, role=Membership.Role.MANAGER)
        .exists()
        and user.is_member
    )


def deciders_for(region: Territory | None) -> list[User]:
    """Return who is told of a request: the active animators of the region, else the administrators."""
    active = User.objects.filter(is_active=True)
    if region is not None:
        approved = active.filter(membership_status=User.MembershipStatus.APPROVED)
        team = list(approved.filter(groups__region_team__territory=region).distinct().order_by("pk"))
        if team:
            return team
    return list(active.filter(is_superuser=True).order_by("pk"))


def registrations_for_list(user: AnyUser) -> RegistrationQuerySet:
    """Return the registrations that wait for ``user``, the oldest first, with what a row shows."""
    waiting = Registration.objects.visible_to(user).awaiting()
    return waiting.select_related("organisation", "region", "proposed_kind").order_by("confirmed_at", "pk")


def awaiting_count(user: AnyUser) -> int:
    """Return how many registrations wait for ``user``."""
    return Registration.objects.visible_to(user).awaiting().count()


def lately_decided(user: AnyUser) -> RegistrationQuerySet:
    """Return the registrations on which somebody has decided, the latest first."""
    decided = Registration.objects.visible_to(user).exclude(decided_at=None)
    return decided.select_related("organisation", "region", "decided_by").order_by("-decided_at", "-pk")


def regions_animated_by(user: AnyUser) -> QuerySet[Territory]:
    """Return the regions on whose requests ``user`` decides."""
    regions = Territory.objects.current().regions()
    if is_administrator(user):
        return regions.filter(team__isnull=False)
    return regions.filter(pk__in=user.animated_region_ids if is_member(user) else ())  # type: ignore[union-attr]


@dataclass(frozen=True)
class Namesake:
    """Another account or request under the same name: perhaps one person twice.

    ``email`` is empty where the person is not of the reader's regions; ``region`` is where they asked to join.
    """

    name: str
    state: str
    email: str
    region: str


def namesakes_of(registration: Registration, reader: User) -> list[Namesake]:
    """Return other accounts and requests under the same name, whatever its accents, as ``reader`` may know them."""
    wanted = normalize_name(registration.full_name)

    def is_same(first_name: str, last_name: str) -> bool:
        return normalize_name(f"{first_name} {last_name}") == wanted

    # A first sieve that both databases do alike; names are compared without accents after it.
    initial = registration.last_name[:1]
    accounts = User.objects.filter(last_name__istartswith=initial, is_active=True).order_by("pk")[:CANDIDATES]
    others = Registration.objects.filter(state__in=CONFIRMED_STATES, last_name__istartswith=initial, user=None)
    known = [one for one in accounts if one.pk != registration.user_id]
    same = [one for one in known if is_same(one.first_name, one.last_name)]
    asked = [one for one in others.select_related("region")[:CANDIDATES] if is_same(one.first_name, one.last_name)]
    return [*_namesake_accounts(same, reader), *(_namesake_request(one, reader) for one in asked)]


def _namesake_accounts(accounts: list[User], reader: User) -> list[Namesake]:
    came_by = {one.user_id: one for one in Registration.objects.filter(user__in=accounts).select_related("region")}
    own = set(_people_of_regions(reader).filter(pk__in=[one.pk for one in accounts]).values_list("pk", flat=True))
    return [
        Namesake(
            name=str(account),
            state=account.get_membership_status_display(),
            email=account.email if account.pk in own else "",
            region=str(came_by[account.pk].region or "") if account.pk in came_by else "",
        )
        for account in accounts
    ]


def _namesake_request(one: Registration, reader: User) -> Namesake:
    email = one.email if animates(reader, one.region_id) else ""
    return Namesake(one.full_name, one.get_state_display(), email, str(one.region or ""))


def _people_of_regions(reader: User) -> QuerySet[User]:
    """Return the accounts whose address ``reader`` may read: who asked to join, or acts, in a region of theirs.

    Narrower than ``belonging_to``, by which announcements find members: whoever names a region in their profile,
    or leads a sheet there, has not given their address to its team.
    """
    if is_administrator(reader):
        return User.objects.all()
    regions = reader.animated_region_ids
    asked = Registration.objects.filter(region__in=regions).values("user")
    acting = Membership.objects.active().seated_in(regions).values("user")
    return User.objects.filter(Q(pk__in=asked) | Q(pk__in=acting))


def registration_of(user: AnyUser) -> Registration | None:
    """Return the request by which ``user`` came, if they came by one."""
    if not user.is_authenticated:
        return None
    found = Registration.objects.filter(user_id=user.pk).select_related("organisation", "region")
    return found.order_by("-created_at").first()


def has_active_members(organisation: Organisation | None) -> bool:
    """Whether anyone already acts for the organisation."""
    return organisation is not None and Membership.objects.active().filter(organisation=organisation).exists()


def open_invitations_to(emails: Iterable[str]) -> dict[tuple[str, int | None], Invitation]:
    """Return the open invitations of these addresses, by address and organisation."""
    found = Invitation.objects.open().filter(email__in=list(emails))
    return {(invitation.email, invitation.organisation_id): invitation for invitation in found}


def mailed_lately(inviter: User) -> int:
    """Return how many invitations ``inviter`` has mailed in the last 24 hours; one that was mailed again counts once.

    How often a mailbox is written to in a day has a limit of its own.
    """
    return Invitation.objects.filter(invited_by=inviter, sent_at__gt=timezone.now() - timedelta(hours=24)).count()
