"""The directory."""

from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils import timezone

from directory.models import (
    ClaimRequest,
    Correction,
    DuplicatePair,
    ImportJob,
    Membership,
    MergeLog,
    OrganisationMessage,
)
from portal.accounts.models import User
from tests.accounts.data_rights.records.base import MARKER, Makers
from tests.directory.people import full_member
from tests.factories import OrganisationFactory


def _profile(user: User) -> Any:
    other = full_member()
    other.delete()
    profile = user.profile
    profile.presentation = f"Présentation{MARKER}"
    profile.phone, profile.contact_email = "+33296123456", f"pro-{MARKER}@test.example"
    profile.photo.save("x.webp", ContentFile(MARKER.encode()), save=False)
    profile.save()
    profile.skills.create(name=f"Compétence {MARKER}", normalized_name=f"competence {MARKER}")
    return profile


def _claim(user: User) -> ClaimRequest:
    texts = {"message": MARKER, "refusal_reason": MARKER, "proof_name": f"{MARKER}.pdf"}
    claim = ClaimRequest(user=user, organisation=OrganisationFactory(), work_email=user.email, **texts)
    claim.proof.save("x.pdf", ContentFile(MARKER.encode()))
    return claim


def _relayed(user: User) -> OrganisationMessage:
    texts = dict.fromkeys(("name", "subject", "message"), MARKER)
    return OrganisationMessage.objects.create(
        uid=uuid4(), organisation=OrganisationFactory(), email=user.email.upper(), **texts
    )


def _import(user: User) -> ImportJob:
    job = ImportJob(owner=user, file_name=f"{MARKER}.csv")
    job.file.save("x.csv", ContentFile(MARKER.encode()))
    return job


MAKERS: Makers = {
    "directory.ClaimRequest": _claim,
    "directory.Correction": lambda user: Correction.objects.create(
        author=user, organisation=OrganisationFactory(), message="Le téléphone a changé."
    ),
    "directory.DuplicatePair": lambda user: DuplicatePair.objects.create(
        first=OrganisationFactory(), second=OrganisationFactory(), score=90, decided_by=user
    ),
    "directory.ImportJob": _import,
    "directory.MergeLog": lambda user: MergeLog.objects.create(
        kept=OrganisationFactory(), absorbed=OrganisationFactory(), merged_by=user
    ),
    "directory.OrganisationMessage": _relayed,
    "directory.Membership": lambda user: Membership.objects.create(
        user=user, organisation=OrganisationFactory(), left_at=timezone.now()
    ),
    "directory.Profile": _profile,
}
