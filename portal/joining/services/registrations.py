"""From the form to the proven address."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import Organisation, OrganisationKind
from portal.accounts.data_rights.services import give_consent
from portal.accounts.models import User
from portal.accounts.selectors import account_by_email
from portal.accounts.services import create_member_account
from portal.accounts.throttle import may_receive_mail
from portal.core.addresses import absolute_of
from portal.joining.enums import CONFIRMATION_LASTS, RegistrationState
from portal.joining.models import Registration
from portal.joining.selectors import deciders_for
from portal.joining.tokens import confirmation_token
from portal.mail.services import queue_mail
from portal.notifications.services import record_event
from portal.taxonomy.models import Territory

#: The text to which people agree on the form; a new text gets a new version.
CHARTER, CHARTER_VERSION = "charter", "2026-11"
Status = User.MembershipStatus


@dataclass(frozen=True)
class RegistrationData:
    """What a person wrote to join; ``password`` in clear, empty when they want none."""

    email: str
    first_name: str
    last_name: str
    job_title: str
    message: str
    password: str
    region: Territory | None
    organisation: Organisation | None = None
    proposed_name: str = ""
    proposed_kind: OrganisationKind | None = None
    proposed_seat: Territory | None = None


@transaction.atomic
def receive_registration(*, uid: UUID, data: RegistrationData) -> Registration:
    """Store what somebody wrote, once for a form; anyone may call this.

    The same work whatever the address: whether it has an account is looked up by
    ``answer_registration``, in the background, where nobody can measure it. The same ``uid`` with
    the same address is the second click; with another one, the form of somebody who went back.
    """
    if (received := received_registration(uid=uid, email=data.email)) is not None:
        return received
    values = {field: getattr(data, field) for field in data.__dataclass_fields__}
    values |= {"email": data.email.strip().lower(), "password": make_password(data.password) if data.password else ""}
    if Registration.objects.filter(uid=uid).exists():
        uid = _next_uid(uid, data.email)
    try:
        with transaction.atomic():
            return Registration.objects.create(uid=uid, **values)
    except IntegrityError:
        # The second click came in the same instant.
        return Registration.objects.get(uid=uid)


def received_registration(*, uid: UUID, email: str) -> Registration | None:
    """Return what a form has brought already for this address; None when this is its first click."""
    address = email.strip().lower()
    return Registration.objects.filter(uid__in=[uid, _next_uid(uid, address)], email=address).first()


def _next_uid(uid: UUID, email: str) -> UUID:
    """Return the identifier of a form sent again with another address: the same at each click."""
    return uuid5(uid, email.strip().lower())


@transaction.atomic
def answer_registration(*, uid: UUID) -> None:
    """Mail the owner of the address what fits: the link that confirms it, or that it has an account.

    Called by the background task; safe to repeat.
    """
    registration = Registration.objects.select_for_update().filter(uid=uid).first()
    if registration is None or registration.state != RegistrationState.UNCONFIRMED:
        return
    account = account_by_email(registration.email)
    if account is not None:
        registration.state, registration.password = RegistrationState.KNOWN, ""
        registration.save(update_fields=["state", "password"])
        _tell_owner(registration, account)
    elif registration.mails_sent == 0:
        _mail_confirmation(registration)


@transaction.atomic
def send_confirmation_again(*, uid: UUID) -> None:
    """Mail a new link to whoever opened one that was too old; nothing happens for any other registration."""
    registration = Registration.objects.select_for_update().filter(uid=uid).first()
    if registration is not None and registration.state == RegistrationState.UNCONFIRMED:
        _mail_confirmation(registration)


def _mail_confirmation(registration: Registration) -> None:
    if not may_receive_mail("registration", registration.email):
        return
    registration.mails_sent += 1
    registration.save(update_fields=["mails_sent"])
    queue_mail(
        "joining.confirm_address",
        to=registration.email,
        key=f"joining:confirm:{registration.uid}:{registration.mails_sent}",
        context={
            "first_name": registration.first_name,
            "full_name": registration.full_name,
            "organisation": registration.organisation_name,
            "hours": int(CONFIRMATION_LASTS.total_seconds()) // 3_600,
        },
        url=absolute_of("joining:confirm", confirmation_token(registration.uid)),
    )


def _tell_owner(registration: Registration, account: User) -> None:
    """Tell the owner of an account that somebody, most likely they, asked for another one."""
    if not may_receive_mail("registration", registration.email):
        return
    kind, url = "joining.already_member", absolute_of("account_login")
    if account.membership_status in {Status.REFUSED, Status.SUSPENDED} or not account.is_active:
        kind, url = "joining.already_refused", absolute_of("content:contact")
    elif not account.is_member:
        kind = "joining.already_pending"
    queue_mail(
        kind,
        to=account.email,
        key=f"joining:known:{registration.uid}",
        context={"first_name": account.first_name},
        url=url,
    )


@transaction.atomic
def confirm_registration(*, uid: UUID, keep_password: bool, tells: bool = True) -> Registration | None:
    """Open the account of somebody whose address is now proven, pending the community's decision.

    ``keep_password`` only when the browser that typed it opens the link: somebody who registers the
    address of another person must not have chosen the password of their account. Tells whoever
    decides, unless ``tells`` is False because nobody has to. Safe to repeat: the second time returns
    the registration as it is. None where there is no such registration any more.
    """
    registration = Registration.objects.select_for_update().filter(uid=uid).first()
    if registration is None or registration.state != RegistrationState.UNCONFIRMED:
        return registration
    account = _open_account(registration, keep_password=keep_password)
    registration.password = ""
    registration.state = RegistrationState.AWAITING if account else RegistrationState.KNOWN
    registration.user, registration.confirmed_at = account, timezone.now()
    registration.save(update_fields=["password", "state", "user", "confirmed_at"])
    if account:
        # On the day when they ticked the box, not on that of the click in the mail.
        give_consent(user=account, subject=CHARTER, version=CHARTER_VERSION, given_at=registration.consented_at)
        if tells:
            _tell_deciders(registration)
    return registration


def _open_account(registration: Registration, *, keep_password: bool) -> User | None:
    """Return the new account; None when another registration has opened one for the address meanwhile."""
    if account_by_email(registration.email):
        return None
    try:
        with transaction.atomic():
            account = create_member_account(
                email=registration.email,
                first_name=registration.first_name,
                last_name=registration.last_name,
                status=Status.PENDING,
            )
    except IntegrityError:
        return None
    account.job_title = registration.job_title
    if keep_password and registration.password:
        account.password = registration.password
    account.save(update_fields=["job_title", "password"])
    return account


def _tell_deciders(registration: Registration) -> None:
    record_event("joining.request", about=registration, key=str(registration.uid), actor=registration.user)
    for decider in deciders_for(registration.region):
        queue_mail(
            "joining.to_approve",
            to=decider.email,
            key=f"joining:to-approve:{registration.uid}:{decider.pk}",
            context={
                "full_name": registration.full_name,
                "job_title": registration.job_title,
                "organisation": registration.organisation_name,
                "is_proposed": registration.proposes,
                "region": registration.region.name if registration.region else _("no region given"),
            },
            url=absolute_of("joining:account_detail", registration.uid),
        )
