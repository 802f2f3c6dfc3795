"""Writes of ProConnect."""

from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction

from directory.models import Membership
from portal.accounts.models import User
from portal.accounts.selectors import account_by_email
from portal.joining.selectors import region_of
from portal.joining.services.approvals import approve_registration
from portal.joining.services.registrations import RegistrationData, confirm_registration, receive_registration
from portal.moderation.journal import record
from portal.proconnect.models import TrustedDomain
from portal.proconnect.newcomers import Newcomer
from portal.proconnect.oidc import PROVIDER_ID
from portal.proconnect.selectors import is_trusted
from portal.taxonomy.models import Territory


class AddressTakenError(Exception):
    """An account with this address, or of this identity, was opened meanwhile."""


@transaction.atomic
def join_with_identity(*, uid: UUID, newcomer: Newcomer, data: RegistrationData) -> User:
    """Open the account of an agent whom ProConnect has named; it waits for approval unless the domain is trusted.

    The address is proven by ProConnect, so that no confirmation is mailed. Tells the animators or,
    for a trusted domain, welcomes the person. Raises AddressTakenError, and writes nothing, when
    the address or the identity has an account by now.
    """
    if account_by_email(newcomer.email):
        raise AddressTakenError
    registration = receive_registration(uid=uid, data=data)
    # Trust is a region's: the region in which one acts counts, not one that one picks.
    trusted = is_trusted(newcomer.email, region_of(data.organisation) or data.region)
    confirmed = confirm_registration(uid=registration.uid, keep_password=False, tells=not trusted)
    if confirmed is None or confirmed.user is None:
        raise AddressTakenError
    try:
        with transaction.atomic():
            SocialAccount.objects.create(
                user=confirmed.user,
                provider=PROVIDER_ID,
                uid=newcomer.uid,
                extra_data={"email": newcomer.email, "siret": newcomer.siret, "idp_id": newcomer.idp_id},
            )
    except IntegrityError as error:
        raise AddressTakenError from error
    if trusted:
        # Nobody has looked: who is to manage an organisation that nobody manages claims it.
        approve_registration(
            registration=confirmed, by=None, organisation=confirmed.organisation, role=Membership.Role.MEMBER
        )
    return confirmed.user


@transaction.atomic
def trust_domain(*, domain: str, region: Territory | None, by: User) -> TrustedDomain:
    """Let the agents of ``domain`` in without approval; animators of the region, administrators without one."""
    trusted, is_new = TrustedDomain.objects.get_or_create(
        domain=domain.lower(), region=region, defaults={"added_by": by}
    )
    if is_new:
        record(action="proconnect.trust", actor=by, target=trusted, data={"region_id": region.pk if region else None})
    return trusted


@transaction.atomic
def distrust_domain(*, trusted: TrustedDomain, by: User) -> None:
    """Have the agents of a domain wait for approval again; accounts that are open stay so."""
    record(action="proconnect.distrust", actor=by, target=trusted, data={"region_id": trusted.region_id})
    trusted.delete()


@transaction.atomic
def unlink_identity(*, user: User) -> bool:
    """Have ProConnect open this account no longer; False where it did not. The other ways in stay."""
    deleted, _by_model = SocialAccount.objects.filter(user=user, provider=PROVIDER_ID).delete()
    return bool(deleted)
