"""Claiming an organisation, and correcting its page."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from directory.enums import ClaimState, CorrectionState
from directory.models import ClaimRequest, Correction, Membership, Organisation
from directory.selectors import deciders_for, has_manager, managers_of, region_id_of
from directory.tokens import work_address_token
from portal.accounts.models import User
from portal.accounts.rules import is_member
from portal.core.addresses import absolute_of
from portal.mail.services import queue_mail
from portal.notifications.services import record_event

Role = Membership.Role


class AlreadyManagedError(Exception):
    """The organisation has a manager, who decides who joins it."""


class NotAMemberError(Exception):
    """The person who asked is no longer a member: nobody else's page can be given to them."""


class AlreadyDecidedError(Exception):
    """Somebody else has decided otherwise."""


@dataclass(frozen=True)
class ClaimData:
    """What a person gives as proof."""

    message: str
    work_email: str
    proof: File | None


@transaction.atomic
def submit_claim(*, organisation: Organisation, user: User, given: ClaimData) -> ClaimRequest:
    """Store a member's claim; tells the animators of the region, and mails a link to the professional address.

    A second one by the same person returns the first while it waits. Raises AlreadyManagedError.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if has_manager(organisation):
        raise AlreadyManagedError
    waiting = ClaimRequest.objects.awaiting().filter(organisation=organisation, user=user).first()
    if waiting is not None:
        return waiting
    claim = ClaimRequest(
        organisation=organisation,
        user=user,
        region_id=region_id_of(organisation),
        message=given.message,
        work_email=given.work_email,
    )
    if given.proof is not None:
        claim.proof, claim.proof_name = given.proof, (given.proof.name or "")[-120:]
    claim.save()
    record_event("directory.claim", about=claim, key=f"claim:{claim.uid}", actor=user)
    if given.work_email:
        _ask_address(claim)
    for decider in deciders_for(claim.region_id):
        queue_mail(
            "directory.claim_to_decide",
            to=decider.email,
            key=f"directory:claim:{claim.uid}:{decider.pk}",
            context={"name": str(user), "organisation": organisation.name},
            url=absolute_of("directory_animation:claim", claim.uid),
        )
    return claim


def _ask_address(claim: ClaimRequest) -> None:
    queue_mail(
        "directory.confirm_work_address",
        to=claim.work_email,
        key=f"directory:claim-address:{claim.uid}",
        context={"organisation": claim.organisation.name},
        url=absolute_of("directory:claim_address", work_address_token(claim.uid)),
    )


def is_own_domain(claim: ClaimRequest) -> bool:
    """Whether the professional address is of the domain of the organisation's website."""
    host = (urlsplit(claim.organisation.website).hostname or "").removeprefix("www.")
    domain = claim.work_email.rpartition("@")[2].lower()
    return bool(host) and (domain == host or domain.endswith(f".{host}"))


@transaction.atomic
def confirm_work_address(*, claim: ClaimRequest) -> None:
    """Note that the owner of the professional address has opened its link; a second time changes nothing."""
    locked = ClaimRequest.objects.select_for_update().get(pk=claim.pk)
    if locked.email_confirmed_at is None:
        locked.email_confirmed_at = timezone.now()
        locked.save(update_fields=["email_confirmed_at"])


@transaction.atomic
def approve_claim(*, claim: ClaimRequest, by: User) -> ClaimRequest:
    """Make the person a manager and give the page its badge; animators of the region only.

    Mails the person, writes the journal, deletes the document. Decided twice, it is decided once;
    raises AlreadyDecidedError when the claim has been refused meanwhile, NotAMemberError when the
    account was suspended or closed since.
    """
    locked = _locked(claim)
    if locked.state == ClaimState.APPROVED:
        return locked
    if not locked.is_awaiting:
        raise AlreadyDecidedError
    if not is_member(locked.user):
        raise NotAMemberError
    place, created = Membership.objects.active().get_or_create(
        user=locked.user, organisation=locked.organisation, left_at=None, defaults={"role": Role.MANAGER}
    )
    if not created and place.role != Role.MANAGER:
        place.role = Role.MANAGER
        place.save(update_fields=["role"])
    organisation = Organisation.objects.get(pk=locked.organisation_id)
    organisation.verified_at = timezone.now()
    organisation.save(update_fields=["verified_at", "updated_at"])
    _close(locked, ClaimState.APPROVED, by)
    log(organisation, "directory.claim_approved", user=by, data={"person": str(locked.user)})
    _tell(locked, "directory.claim_approved", absolute_of("my_directory:organisations"))
    return locked


@transaction.atomic
def refuse_claim(*, claim: ClaimRequest, by: User, reason: str) -> ClaimRequest:
    """Refuse a claim, for a reason that the person reads; animators of the region only.

    Safe to repeat; raises AlreadyDecidedError when the claim has been accepted meanwhile.
    """
    locked = _locked(claim)
    if locked.state == ClaimState.REFUSED:
        return locked
    if not locked.is_awaiting:
        raise AlreadyDecidedError
    locked.refusal_reason = reason
    _close(locked, ClaimState.REFUSED, by)
    log(locked.organisation, "directory.claim_refused", user=by)
    _tell(locked, "directory.claim_refused", absolute_of("content:contact"))
    return locked


def _locked(claim: ClaimRequest) -> ClaimRequest:
    rows = ClaimRequest.objects.select_for_update(of=("self",)).select_related("user", "organisation")
    return rows.get(pk=claim.pk)


def _close(claim: ClaimRequest, state: ClaimState, by: User) -> None:
    """Note the decision; what was given as proof has served."""
    proof, storage = claim.proof.name, claim.proof.storage
    claim.state, claim.decided_at, claim.decided_by = state, timezone.now(), by
    claim.proof = ""
    claim.save(update_fields=["state", "decided_at", "decided_by", "refusal_reason", "proof"])
    if proof:
        transaction.on_commit(lambda: storage.delete(proof))


def _tell(claim: ClaimRequest, kind: str, url: str) -> None:
    """Tell the person of the decision: by mail, with its reason, and on the site."""
    record_event("directory.claim_decided", about=claim, key=f"claim:{claim.uid}", actor=claim.decided_by)
    context: dict[str, Any] = {"organisation": claim.organisation.name, "reason": claim.refusal_reason}
    queue_mail(kind, to=claim.user.email, key=f"{kind}:{claim.uid}", context=context, url=url)


@transaction.atomic
def suggest_correction(*, organisation: Organisation, message: str, author: User | None) -> Correction:
    """Store what a reader found wrong; tells the managers, or the region's animators where there is none.

    The same words twice are one correction, even at the same moment.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    same = Correction.objects.open().filter(organisation=organisation, message=message).first()
    if same is not None:
        return same
    correction = Correction.objects.create(
        organisation=organisation, message=message, author=author, region_id=region_id_of(organisation)
    )
    record_event("directory.correction", about=correction, key=f"correction:{correction.uid}", actor=author)
    managers = managers_of(organisation)
    address = "my_directory:organisations" if managers else "directory_animation:corrections"
    for reader in managers or deciders_for(correction.region_id):
        queue_mail(
            "directory.correction",
            to=reader.email,
            key=f"directory:correction:{correction.uid}:{reader.pk}",
            context={"organisation": organisation.name, "message": message},
            url=absolute_of(address),
        )
    return correction


@transaction.atomic
def close_correction(*, correction: Correction, state: str, by: User) -> None:
    """Note what was done about a correction; the caller has checked that ``by`` may. Safe to repeat."""
    locked = Correction.objects.select_for_update().get(pk=correction.pk)
    if locked.state == CorrectionState.OPEN:
        locked.state, locked.closed_at, locked.closed_by = CorrectionState(state), timezone.now(), by
        locked.save(update_fields=["state", "closed_at", "closed_by"])
