"""Inviting, and accepting an invitation."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from directory.models import Membership, Organisation
from directory.services import join_organisation
from portal.accounts.data_rights.services import give_consent
from portal.accounts.models import User
from portal.accounts.rules import animates, is_animator
from portal.accounts.selectors import account_by_email
from portal.accounts.services import create_member_account, set_membership_status
from portal.accounts.throttle import may_receive_mail
from portal.core.addresses import absolute_of
from portal.joining.enums import ANIMATOR_A_DAY, INVITATION_LASTS, MANAGER_A_DAY, RegistrationState
from portal.joining.models import Invitation, Registration
from portal.joining.selectors import mailed_lately, may_invite, open_invitations_to, region_of
from portal.joining.services.approvals import welcome
from portal.joining.services.registrations import CHARTER, CHARTER_VERSION
from portal.joining.tokens import invitation_token
from portal.mail.services import cancel_mail, queue_mail
from portal.taxonomy.models import Territory

Status = User.MembershipStatus


class NotAllowedError(Exception):
    """The inviter has no right to invite into this organisation."""


class NotAcceptableError(Exception):
    """The invitation is used, withdrawn or too old, or the account is closed to it."""


class AccountOpenedError(Exception):
    """An account was opened at the invited address while its owner filled in the form."""


class TooManyInvitationsError(Exception):
    """The inviter has not that many left for today; ``left`` says how many."""

    def __init__(self, left: int) -> None:
        super().__init__(str(left))
        self.left = left


@dataclass(frozen=True)
class Invitee:
    """A person to invite; names may be empty."""

    email: str
    first_name: str
    last_name: str
    organisation: Organisation | None
    role: str


@dataclass(frozen=True)
class NewMember:
    """What an invited person without an account writes of themselves; ``password`` may be empty."""

    first_name: str
    last_name: str
    job_title: str
    password: str


@dataclass(frozen=True)
class Outcome:
    """What became of people to invite: ``sent``, how many need none, how many mailboxes have had their share."""

    sent: tuple[Invitation, ...]
    known: int
    full: int


@transaction.atomic
def invite(*, invitees: Iterable[Invitee], by: User) -> Outcome:
    """Invite people, all of them or nobody.

    Somebody who has an open invitation to the same organisation, or already acts for it, is left
    out: a form sent twice mails once. So is an address that was written to too often today.
    Raises NotAllowedError where ``by`` may not invite, TooManyInvitationsError where ``by`` has
    not that many left for today.
    """
    wanted = {(invitee.email.strip().lower(), _pk(invitee.organisation)): invitee for invitee in invitees}
    for invitee in wanted.values():
        if not may_invite(by, invitee.organisation):
            raise NotAllowedError
    # Two senders of the same list wait for each other here.
    User.objects.select_for_update().get(pk=by.pk)
    open_already = open_invitations_to({email for email, _organisation in wanted})
    new = [
        _prepare(email, invitee, by)
        for (email, organisation), invitee in wanted.items()
        if (email, organisation) not in open_already and not is_member_of(email, invitee.organisation)
    ]
    _check_share(by, len(new))
    sent = tuple(invitation for invitation in new if _send(invitation))
    return Outcome(sent, known=len(wanted) - len(new), full=len(new) - len(sent))


def _prepare(email: str, invitee: Invitee, by: User) -> Invitation:
    return Invitation(
        email=email,
        first_name=invitee.first_name,
        last_name=invitee.last_name,
        organisation=invitee.organisation,
        role=Membership.Role(invitee.role),
        region=region_for_invitation(by, invitee.organisation),
        invited_by=by,
    )


def _check_share(by: User, wanted: int) -> None:
    """Raise TooManyInvitationsError where ``by``, whose row is locked, has not ``wanted`` invitations left today."""
    limit = ANIMATOR_A_DAY if is_animator(by) else MANAGER_A_DAY
    left = max(limit - mailed_lately(by), 0)
    if wanted > left:
        raise TooManyInvitationsError(left)


def _pk(organisation: Organisation | None) -> int | None:
    return organisation.pk if organisation else None


def is_member_of(email: str, organisation: Organisation | None) -> bool:
    """Whether the owner of ``email`` is admitted and, where one is named, acts for ``organisation``."""
    account = account_by_email(email)
    if account is None or not account.is_member:
        return False
    return organisation is None or Membership.objects.active().filter(user=account, organisation=organisation).exists()


def region_for_invitation(by: User, organisation: Organisation | None) -> Territory | None:
    """Return whose animators see an invitation: the organisation's region, else one that ``by`` animates."""
    region = region_of(organisation)
    if region is not None and (animates(by, region.pk) or not by.animated_region_ids):
        return region
    return Territory.objects.filter(pk__in=by.animated_region_ids).order_by("pk").first() or region


def _send(invitation: Invitation) -> bool:
    """Store an invitation and mail its link, good from now on; False where the mailbox has had its share of the day."""
    if not may_receive_mail("invitation", invitation.email):
        return False
    now = timezone.now()
    invitation.sent_at, invitation.expires_at = now, now + INVITATION_LASTS
    invitation.mails_sent += 1
    invitation.save()
    organisation = invitation.organisation
    queue_mail(
        "joining.invitation",
        to=invitation.email,
        key=_mail_key(invitation),
        context={
            "first_name": invitation.first_name,
            "organisation": organisation.name if organisation else "",
            "inviter": str(invitation.invited_by or ""),
            "days": INVITATION_LASTS.days,
        },
        url=absolute_of("joining:accept_invitation", invitation_token(invitation.uid)),
    )
    return True


def _mail_key(invitation: Invitation) -> str:
    return f"joining:invitation:{invitation.uid}:{invitation.mails_sent}"


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User) -> bool:
    """Mail the link again, good for another fortnight.

    False for an invitation accepted or withdrawn, or mailed too often today.
    Raises NotAllowedError where ``by`` may not invite into the organisation, TooManyInvitationsError
    where ``by`` has none left for today.
    """
    User.objects.select_for_update().get(pk=by.pk)
    locked = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organisation", "invited_by")
        .get(pk=invitation.pk)
    )
    if not may_invite(by, locked.organisation):
        raise NotAllowedError
    if locked.accepted_at or locked.revoked_at:
        return False
    _check_share(by, 1)
    locked.invited_by = by
    return _send(locked)


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: User) -> bool:
    """Withdraw an invitation: its link opens nothing any more; False once it has been accepted.

    Raises NotAllowedError where ``by`` may not invite into the organisation.
    """
    locked = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if not may_invite(by, locked.organisation):
        raise NotAllowedError
    if locked.accepted_at:
        return False
    if locked.revoked_at is None:
        locked.revoked_at = timezone.now()
        locked.save(update_fields=["revoked_at"])
        cancel_mail(key=_mail_key(locked))
    return True


def is_acceptable(invitation: Invitation) -> bool:
    """Whether its link still opens something: not used, withdrawn or old, and its author may still invite."""
    inviter = invitation.invited_by
    return invitation.is_open and inviter is not None and may_invite(inviter, invitation.organisation)


@transaction.atomic
def accept_invitation(*, invitation: Invitation, new_member: NewMember | None) -> User:
    """Admit the invited person, with their place in the organisation; returns their account.

    The link proves the address. ``new_member`` serves where the address has no account yet; an
    existing account keeps its names. Only once: raises NotAcceptableError when the invitation is
    used, withdrawn or too old, or when the account is closed or suspended; AccountOpenedError, and
    changes nothing, when another invitation to the same address was accepted in the same instant.
    """
    locked = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organisation", "invited_by")
        .get(pk=invitation.pk)
    )
    if not is_acceptable(locked):
        raise NotAcceptableError
    account = account_by_email(locked.email)
    is_new = account is None or not account.is_member
    account = _create(locked, new_member) if account is None else _admit(locked, account)
    if locked.organisation is not None:
        join_organisation(user=account, organisation=locked.organisation, role=locked.role)
    locked.accepted_at, locked.accepted_by = timezone.now(), account
    locked.save(update_fields=["accepted_at", "accepted_by"])
    if is_new:
        welcome(user=account, key=f"joining:welcome:{locked.uid}", organisation=locked.organisation)
    return account


def _create(invitation: Invitation, new_member: NewMember | None) -> User:
    if new_member is None:
        raise NotAcceptableError
    try:
        with transaction.atomic():
            account = create_member_account(
                email=invitation.email,
                first_name=new_member.first_name,
                last_name=new_member.last_name,
                password=new_member.password or None,
                status=Status.APPROVED,
            )
    except IntegrityError as error:
        raise AccountOpenedError from error
    account.job_title = new_member.job_title
    account.save(update_fields=["job_title"])
    give_consent(user=account, subject=CHARTER, version=CHARTER_VERSION)
    return account


def _admit(invitation: Invitation, account: User) -> User:
    """Admit somebody who has an account; a refusal is undone by an animator's invitation, never by a manager's."""
    if account.is_member:
        return account
    region_id = invitation.region_id
    by_animator = invitation.invited_by is not None and animates(invitation.invited_by, region_id)
    may_be_admitted = account.membership_status == Status.PENDING or (
        account.membership_status == Status.REFUSED and by_animator
    )
    if not account.is_active or not may_be_admitted:
        raise NotAcceptableError
    set_membership_status(user=account, status=Status.APPROVED)
    Registration.objects.filter(user=account, state__in=[RegistrationState.AWAITING, RegistrationState.REFUSED]).update(
        state=RegistrationState.APPROVED, decided_at=timezone.now(), decided_by=invitation.invited_by
    )
    return account
