"""The community's decision on who asked to join."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from directory.models import Membership, Organisation, OrganisationKind
from directory.services import join_organisation
from portal.accounts.models import User
from portal.accounts.services import set_membership_status
from portal.core.addresses import absolute_of
from portal.joining.enums import RegistrationState
from portal.joining.models import Registration
from portal.joining.selectors import has_active_members
from portal.mail.services import queue_mail
from portal.taxonomy.models import Territory

Status = User.MembershipStatus
Role = Membership.Role


class AlreadyDecidedError(Exception):
    """Somebody else has decided otherwise; ``registration`` says who, when and what."""

    def __init__(self, registration: Registration) -> None:
        super().__init__(str(registration.uid))
        self.registration = registration


@dataclass(frozen=True)
class NewOrganisation:
    """An organisation that a person proposed, as the animator accepts it."""

    name: str
    kind: OrganisationKind
    seat: Territory | None


@transaction.atomic
def approve_registration(
    *,
    registration: Registration,
    by: User | None,
    role: str = "",
    organisation: Organisation | None = None,
    new_organisation: NewOrganisation | None = None,
) -> Registration:
    """Admit a person, with a place in an organisation that exists or is created; animators of the region only.

    ``by`` is None where a rule of theirs decides, such as a trusted domain. Without a ``role`` the
    first person of an organisation manages it, and the others are members.
    Mails the welcome, writes the journal. Called again, or by two animators at once, it decides one
    time: the second call returns what the first decided. Raises AlreadyDecidedError when the person
    has been refused meanwhile.
    """
    locked = _locked(registration)
    if locked.state == RegistrationState.APPROVED:
        return locked
    if not locked.is_awaiting or locked.user is None:
        raise AlreadyDecidedError(locked)
    if new_organisation is not None:
        organisation = Organisation.objects.create(
            name=new_organisation.name, kind=new_organisation.kind, seat=new_organisation.seat
        )
        log(organisation, "wagtail.create", user=by)
    set_membership_status(user=locked.user, status=Status.APPROVED)
    if organisation is not None:
        role = role or (Role.MEMBER if has_active_members(organisation) else Role.MANAGER)
        join_organisation(user=locked.user, organisation=organisation, role=role)
    locked.organisation = organisation
    _close(locked, RegistrationState.APPROVED, by)
    log(locked.user, "joining.approve", user=by, data={"role": role, "organisation": str(organisation or "")})
    welcome(user=locked.user, key=f"joining:welcome:{locked.uid}", organisation=organisation)
    return locked


@transaction.atomic
def refuse_registration(*, registration: Registration, by: User, reason: str) -> Registration:
    """Refuse a person, who is told ``reason`` and whom to write to; animators of the region only.

    Safe to repeat: the first reason stays. Raises AlreadyDecidedError when the person has been
    admitted meanwhile.
    """
    locked = _locked(registration)
    if locked.state == RegistrationState.REFUSED:
        return locked
    if not locked.is_awaiting or locked.user is None:
        raise AlreadyDecidedError(locked)
    set_membership_status(user=locked.user, status=Status.REFUSED)
    locked.refusal_reason = reason
    _close(locked, RegistrationState.REFUSED, by)
    log(locked.user, "joining.refuse", user=by)
    queue_mail(
        "joining.refused",
        to=locked.user.email,
        key=f"joining:refused:{locked.uid}",
        context={"first_name": locked.first_name, "reason": reason},
        url=absolute_of("content:contact"),
    )
    return locked


def _locked(registration: Registration) -> Registration:
    """Return the registration as it is now, held until the end of the transaction."""
    return (
        Registration.objects.select_for_update(of=("self",))
        .select_related("user", "decided_by")
        .get(pk=registration.pk)
    )


def _close(registration: Registration, state: RegistrationState, by: User | None) -> None:
    registration.state, registration.decided_at, registration.decided_by = state, timezone.now(), by
    registration.save(update_fields=["state", "decided_at", "decided_by", "organisation", "refusal_reason"])


def welcome(*, user: User, key: str, organisation: Organisation | None) -> None:
    """Mail the welcome to somebody who has just been admitted."""
    queue_mail(
        "joining.welcome",
        to=user.email,
        key=key,
        context={"first_name": user.first_name, "organisation": organisation.name if organisation else ""},
        url=absolute_of("joining:first_steps"),
    )
