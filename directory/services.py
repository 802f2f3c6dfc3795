"""Writes on profiles and on people's places in organisations."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from directory.enums import Visibility
from directory.models import PROFILE_PARTS, Membership, Organisation, Profile, Skill
from directory.selectors import is_sole_manager
from portal.accounts.data_rights.services import give_consent, withdraw_consent
from portal.accounts.models import User
from portal.accounts.personal_data import Person
from portal.taxonomy.models import Territory, Theme, normalize_name

#: What a person agrees to by showing a part of the profile to everyone, as the form words it.
PUBLIC_CONSENT = "public_profile"
PUBLIC_CONSENT_VERSION = "2026-11"


class SoleManagerError(Exception):
    """The organisation would be left without a manager."""


@dataclass(frozen=True)
class ProfileChange:
    """What a person wrote of themselves.

    ``account`` holds fields of the account, ``typed`` fields of the profile, ``visibilities`` the
    readers by part of the profile. ``photo`` is a new picture; ``removes_photo`` takes the old one away.
    """

    account: dict[str, str]
    typed: dict[str, Any]
    visibilities: dict[str, str]
    skills: Iterable[str] = ()
    themes: Iterable[Theme] = ()
    territories: Iterable[Territory] = ()
    photo: File | None = None
    removes_photo: bool = False
    is_listed: bool = field(default=True)


@transaction.atomic
def update_profile(*, profile: Profile, change: ProfileChange) -> None:
    """Write what the owner of ``profile`` wrote; only they may call this.

    The consent to be shown to everyone is noted on the day when a part becomes public, and its
    withdrawal on the day when none is any more. The old photo is deleted once all is committed.
    """
    profile = Profile.objects.select_for_update().select_related("user").get(pk=profile.pk)
    for name, value in change.account.items():
        setattr(profile.user, name, value)
    for name, value in {**change.typed, "is_listed": change.is_listed}.items():
        setattr(profile, name, value)
    for part in PROFILE_PARTS:
        setattr(profile, f"{part}_visibility", change.visibilities[part])
    _replace_photo(profile, change)
    profile.save()
    profile.user.save(update_fields=list(change.account))
    profile.skills.set(_skills_named(change.skills))
    profile.themes.set(change.themes)
    profile.territories.set(change.territories)
    delete_unused_skills()
    if Visibility.PUBLIC in change.visibilities.values():
        give_consent(user=profile.user, subject=PUBLIC_CONSENT, version=PUBLIC_CONSENT_VERSION)
    else:
        withdraw_consent(user=profile.user, subject=PUBLIC_CONSENT)


def _replace_photo(profile: Profile, change: ProfileChange) -> None:
    old = profile.photo.name
    if change.photo is not None:
        profile.photo = change.photo
    elif change.removes_photo:
        profile.photo = ""
    else:
        return
    if old:
        storage = profile.photo.storage
        transaction.on_commit(lambda: storage.delete(old))


def _skills_named(names: Iterable[str]) -> list[Skill]:
    """Return the skills of these names, new ones created; two spellings of the same words are one."""
    wanted = {normalize_name(name): name for name in reversed(list(names)) if normalize_name(name)}
    Skill.objects.bulk_create(
        [Skill(name=name, normalized_name=normalized) for normalized, name in wanted.items()], ignore_conflicts=True
    )
    return list(Skill.objects.filter(normalized_name__in=wanted))


def forget_profile(person: Person) -> None:
    """Delete the profile of somebody who leaves, and the skills that they alone had."""
    for profile in Profile.objects.filter(user_id=person.account.pk):
        profile.delete()
    delete_unused_skills()


def forget_relay_addresses(person: Person) -> None:
    """Have no organisation's messages forwarded to an address of somebody who leaves."""
    for email in person.emails:
        for organisation in Organisation.objects.filter(relay_email__iexact=email):
            organisation.relay_email = ""
            organisation.save(update_fields=["relay_email"])


def delete_unused_skills() -> None:
    """Forget the skills that nobody has any more."""
    rows = Profile.skills.through.objects.filter(skill_id=OuterRef("pk"))
    Skill.objects.filter(~Exists(rows)).delete()


@transaction.atomic
def join_organisation(*, user: User, organisation: Organisation, role: str = Membership.Role.MEMBER) -> Membership:
    """Return the active place of ``user`` in ``organisation``, created with ``role`` if there is none.

    Safe to call again. For whoever decides on it: a manager, an animator, set-up code.
    """
    place, _created = Membership.objects.active().get_or_create(
        user=user, organisation=organisation, left_at=None, defaults={"role": Membership.Role(role)}
    )
    return place


@transaction.atomic
def end_membership(*, membership: Membership) -> None:
    """End a person's place in an organisation: they leave, or a manager removes them; safe to call again.

    Raises SoleManagerError when the organisation would be left without a manager.
    """
    membership = _locked(membership)
    if membership.left_at is not None:
        return
    if is_sole_manager(membership):
        raise SoleManagerError
    membership.left_at = timezone.now()
    membership.save(update_fields=["left_at"])


@transaction.atomic
def change_role(*, membership: Membership, role: str) -> None:
    """Give a person another role in an organisation; only one of its managers may call this.

    Raises SoleManagerError when the organisation would be left without a manager.
    """
    membership, new = _locked(membership), Membership.Role(role)
    if new != Membership.Role.MANAGER and is_sole_manager(membership):
        raise SoleManagerError
    membership.role = new
    membership.save(update_fields=["role"])


@transaction.atomic
def hand_over(*, membership: Membership, to: Membership) -> None:
    """Make a colleague the manager in one's place, who becomes an editor; only that manager may call this.

    Raises ValueError unless both places are active ones of the same organisation.
    """
    own = _locked(membership)
    other = Membership.objects.select_for_update().get(pk=to.pk)
    if own.organisation_id != other.organisation_id or own.left_at or other.left_at or own.pk == other.pk:
        raise ValueError("two active places of one organisation are needed")
    other.role, own.role = Membership.Role.MANAGER, Membership.Role.EDITOR
    other.save(update_fields=["role"])
    own.save(update_fields=["role"])


def _locked(membership: Membership) -> Membership:
    """Return the membership as it is now, with all of its organisation's held until the end of the transaction.

    Two managers who leave at the same moment would otherwise each count on the other.
    """
    places = Membership.objects.select_for_update().filter(organisation=membership.organisation_id)
    return next(place for place in list(places) if place.pk == membership.pk)
