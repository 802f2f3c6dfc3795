"""Organisations, the people who act for them, and what happens to both."""

from directory.models.duplicates import DuplicatePair, MergeLog, OldAddress
from directory.models.exchange import ImportJob, ImportLine
from directory.models.organisations import (
    FormerName,
    Network,
    Organisation,
    OrganisationKind,
    OrganisationQuerySet,
)
from directory.models.people import (
    PROFILE_PARTS,
    TYPED_PARTS,
    Membership,
    MembershipQuerySet,
    Profile,
    ProfileQuerySet,
    Skill,
    photo_path,
)
from directory.models.requests import ClaimRequest, Correction, OrganisationMessage

__all__ = [
    "PROFILE_PARTS",
    "TYPED_PARTS",
    "ClaimRequest",
    "Correction",
    "DuplicatePair",
    "FormerName",
    "ImportJob",
    "ImportLine",
    "Membership",
    "MembershipQuerySet",
    "MergeLog",
    "Network",
    "OldAddress",
    "Organisation",
    "OrganisationKind",
    "OrganisationMessage",
    "OrganisationQuerySet",
    "Profile",
    "ProfileQuerySet",
    "Skill",
    "photo_path",
]
