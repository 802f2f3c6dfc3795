"""People who ask to join the demonstration, and somebody whom it invites: what animators decide on."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from directory.models import Membership, OrganisationKind
from portal.accounts.models import User
from portal.animation.demo.accounts import DOMAIN
from portal.animation.demo.organisations import demo_organisation
from portal.animation.demo.tools import Say, demo_uid, tell, territory
from portal.joining.models import Invitation, Registration
from portal.joining.services.invitations import Invitee, invite
from portal.joining.services.registrations import RegistrationData, confirm_registration, receive_registration

GUEST = f"collegue@{DOMAIN}"


@dataclass(frozen=True)
class RequestData:
    """One request, named by a role; ``days`` says for how long it waits."""

    role: str
    first_name: str
    last_name: str
    job_title: str
    message: str
    region: str
    days: int
    organisation: str = ""
    proposed_name: str = ""


REQUESTS = (
    RequestData(
        "conseillere-brest",
        "Conseillère",
        "du Pays de Brest",
        "Conseillère en insertion professionnelle",
        "J’accompagne des personnes réfugiées et je cherche des retours sur la garde d’enfants.",
        "reg-53",
        5,
        organisation="defis-emploi-du-pays-de-brest",
    ),
    RequestData(
        "benevole-rennes",
        "Bénévole",
        "d’une association rennaise",
        "Bénévole, ateliers de français",
        "Nous ouvrons des ateliers de français et aimerions les faire connaître.",
        "reg-53",
        1,
        proposed_name="Ateliers de français de Rennes",
    ),
    RequestData(
        "formatrice-blois",
        "Formatrice",
        "du Loir-et-Cher",
        "Formatrice",
        "",
        "reg-24",
        0,
    ),
)


@transaction.atomic
def load_requests(say: Say) -> None:
    """Add the missing requests, and an invitation of the manager; one that was decided on stays so."""
    added = sum(_add_request(data) for data in REQUESTS)
    tell(say, added, len(REQUESTS))
    manager = User.objects.filter(email__iexact=f"structure@{DOMAIN}").first()
    if manager is not None and not Invitation.objects.filter(email=GUEST).exists():
        organisation = demo_organisation("association-regionale-des-missions-locales-de-bretagne")
        invite(invitees=[Invitee(GUEST, "Collègue", "de l’ARML", organisation, Membership.Role.EDITOR)], by=manager)


def _add_request(data: RequestData) -> bool:
    uid, email = demo_uid("registration", data.role), f"{data.role}@{DOMAIN}"
    if Registration.objects.filter(uid=uid).exists():
        return False
    receive_registration(
        uid=uid,
        data=RegistrationData(
            email=email,
            first_name=data.first_name,
            last_name=data.last_name,
            job_title=data.job_title,
            message=data.message,
            password="",
            region=territory(data.region),
            organisation=demo_organisation(data.organisation) if data.organisation else None,
            proposed_name=data.proposed_name,
            proposed_kind=OrganisationKind.objects.get(slug="association") if data.proposed_name else None,
        ),
    )
    confirm_registration(uid=uid, keep_password=False)
    since = timezone.now() - timedelta(days=data.days)
    Registration.objects.filter(uid=uid).update(confirmed_at=since, created_at=since)
    return True
