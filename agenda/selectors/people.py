"""Who organises, who is told."""

from django.db.models import Q

from agenda.enums import OrganiserRole
from agenda.models import Event, Organiser
from directory.models import Membership
from portal.accounts.models import RegionTeam, User

APPROVED = Q(is_active=True, membership_status=User.MembershipStatus.APPROVED)


def organisers_to_tell(event: Event) -> list[User]:
    """Return whom the life of ``event`` concerns: who created it, or else who may write for its organisers.

    Where neither is there any more, the animators of its region.
    """
    creator = list(User.objects.filter(APPROVED, pk=event.created_by_id)) if event.created_by_id else []
    if creator:
        return creator
    organisers = Organiser.objects.filter(event=event, role=OrganiserRole.ORGANISES).values("organisation_id")
    writers = Membership.objects.who_write().filter(organisation__in=organisers).values("user_id")
    found = list(User.objects.filter(APPROVED, pk__in=writers).order_by("pk"))
    return found or animators_of(event)


def animators_of(event: Event) -> list[User]:
    """Return who may publish ``event``: the animators of its region, administrators for the whole country."""
    if event.region_id is None:
        return list(User.objects.filter(is_active=True, is_superuser=True).order_by("pk"))
    groups = RegionTeam.objects.filter(territory=event.region_id).values("group_id")
    return list(User.objects.filter(APPROVED, groups__in=groups).distinct().order_by("pk"))
