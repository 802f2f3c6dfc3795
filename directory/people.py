"""Members as their readers may know them.

``present_member`` is the one rule: the member's page, lists, search, the leads of a sheet and the
photo itself read a profile through it, and no part leaves it for somebody who may not read it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.enums import SEEN_BY_MEMBERS, SEEN_BY_VISITORS
from directory.models import Membership, Profile, ProfileQuerySet, Skill
from portal.accounts.models import User
from portal.accounts.rules import AnyUser, is_member
from portal.core.phones import format_phone
from portal.taxonomy.models import Territory, Theme


@dataclass(frozen=True)
class MemberPresentation:
    """What one reader may know of a member; a part that they may not read is empty.

    ``url`` is empty when the reader may not open the member's page.
    """

    name: str
    url: str
    job_title: str = ""
    photo_url: str = ""
    presentation: str = ""
    contact_email: str = ""
    phone: str = ""
    phone_shown: str = ""
    organisations: Sequence[Membership] = ()
    skills: Sequence[Skill] = ()
    themes: Sequence[Theme] = ()
    territories: Sequence[Territory] = ()

    @property
    def initials(self) -> str:
        """Two letters that stand where there is no photo."""
        words = [word for word in self.name.split() if word[0].isalnum()]
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()

    @property
    def is_bare(self) -> bool:
        """Whether nothing beyond a name and a function is shown."""
        written = (self.presentation, self.contact_email, self.phone, self.photo_url)
        return not any((*written, self.organisations, self.skills, self.themes, self.territories))


def levels_read_by(user: AnyUser, profile: Profile) -> frozenset[str]:
    """Return the visibilities that ``user`` may read of ``profile``; one reads oneself as members do."""
    if is_member(user) or (user.is_authenticated and user.pk == profile.user_id):
        return SEEN_BY_MEMBERS
    return SEEN_BY_VISITORS


def present_member(profile: Profile, user: AnyUser) -> MemberPresentation:
    """Return what ``user`` may know of the member; the profile comes from ``with_member_details``."""
    return present_for(profile, levels_read_by(user, profile))


def present_for(profile: Profile, levels: frozenset[str]) -> MemberPresentation:
    """Return the member as a reader of the visibilities ``levels`` sees them."""

    def shown(part: str) -> bool:
        return getattr(profile, f"{part}_visibility") in levels

    phone = profile.phone if shown("phone") else ""
    return replace(
        introduce(profile, levels),
        photo_url=photo_url(profile) if shown("photo") else "",
        presentation=profile.presentation if shown("presentation") else "",
        contact_email=profile.contact_email if shown("contact_email") else "",
        phone=phone,
        phone_shown=format_phone(phone),
        organisations=_listed_memberships(profile) if shown("organisations") else (),
        skills=list(profile.skills.all()) if shown("skills") else (),
        themes=list(profile.themes.all()) if shown("themes") else (),
        territories=list(profile.territories.all()) if shown("territories") else (),
    )


def introduce(profile: Profile, levels: frozenset[str]) -> MemberPresentation:
    """Return the name, the function and the page alone, which cost no query beyond the account."""
    account = profile.user
    is_reachable = profile.is_listed and account.is_member and profile.name_visibility in SEEN_BY_MEMBERS
    return MemberPresentation(
        name=str(account) if profile.name_visibility in levels else nameless(),
        url=profile.get_absolute_url() if is_reachable else "",
        job_title=account.job_title if profile.job_title_visibility in levels else "",
    )


def nameless() -> str:
    """Return what a member is called by readers to whom they do not give their name."""
    return _("Member of the community")


def photo_url(profile: Profile) -> str:
    """Return the address that serves the photo to those who may see it; it changes with the photo."""
    if not profile.photo:
        return ""
    version = profile.photo.name.rsplit("/", 1)[-1][:8]
    return f"{reverse('directory:member_photo', args=[profile.user.short_id])}?v={version}"


def _listed_memberships(profile: Profile) -> list[Membership]:
    """Return the member's active places, in organisations that everyone may see."""
    active = [place for place in profile.user.memberships.all() if place.left_at is None]
    return [place for place in active if place.organisation.is_listed and place.organisation.merged_into_id is None]


def with_member_details(found: ProfileQuerySet) -> ProfileQuerySet:
    """Fetch all that ``present_member`` reads, in a fixed number of queries."""
    places = Membership.objects.active().select_related("organisation").order_by("organisation__name", "pk")
    return found.select_related("user").prefetch_related(
        Prefetch("user__memberships", queryset=places), "skills", "themes", "territories"
    )


def introduce_accounts(users: Iterable[User], reader: AnyUser) -> list[MemberPresentation]:
    """Return accounts, fetched with their profile, as ``reader`` may know them: leads of a sheet, authors…"""
    return [introduce(user.profile, levels_read_by(reader, user.profile)) for user in users]
