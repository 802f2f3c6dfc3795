"""Announcements to the members of a theme, of a territory, or who act for an organisation."""

from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models import Membership, Profile
from portal.accounts.models import User
from portal.accounts.rules import is_administrator
from portal.notifications.announcements.audiences import declare_audience, declare_belonging
from portal.taxonomy.models import Territory, Theme, parse_public_code


def _themes(user: User) -> list[tuple[str, str]]:
    return [(theme.slug, theme.name) for theme in Theme.objects.filter(parent=None)]


def _of_theme(slug: str) -> Q:
    """Members who name the theme, or one below it, in their profile."""
    profiles = Profile.objects.filter(Q(themes__slug=slug) | Q(themes__parent__slug=slug))
    return Q(pk__in=profiles.order_by().values("user_id"))


def _territories(user: User) -> list[tuple[str, str]]:
    departments = Territory.objects.current().departments()
    if not is_administrator(user):
        departments = departments.filter(region_id__in=user.animated_region_ids)
    return [(one.public_code, one.name) for one in departments]


def _of_territory(code: str) -> Q:
    """Members who name the territory in their profile, or whose organisation sits there."""
    level, official = parse_public_code(code) or ("", "")
    place = Territory.objects.filter(level=level, code=official)
    below = Territory.objects.filter(Q(pk__in=place) | Q(department__in=place)).order_by().values("pk")
    profiles = Profile.objects.filter(territories__in=below).order_by().values("user_id")
    seated = Membership.objects.active().filter(organisation__seat__in=below).order_by().values("user_id")
    return Q(pk__in=profiles) | Q(pk__in=seated)


def _roles(user: User) -> list[tuple[str, str]]:
    return [(role.value, str(role.label)) for role in Membership.Role]


def _of_role(role: str) -> Q:
    return Q(pk__in=Membership.objects.active().filter(role=role).order_by().values("user_id"))


def _belong_to(region_ids: Collection[int]) -> Q:
    """Members who name the region, or a place in it, in their profile, or whose organisation sits there."""
    here = Territory.objects.filter(Q(pk__in=region_ids) | Q(region_id__in=region_ids)).order_by().values("pk")
    profiles = Profile.objects.filter(territories__in=here).order_by().values("user_id")
    seated = Membership.objects.active().seated_in(region_ids).order_by().values("user_id")
    return Q(pk__in=profiles) | Q(pk__in=seated)


declare_audience(
    "theme", label=_("Theme of their profile"), everybody=_("All themes"), order=10, options=_themes, people=_of_theme
)
declare_audience(
    "territory",
    label=_("Department"),
    everybody=_("All departments"),
    order=20,
    options=_territories,
    people=_of_territory,
)
declare_audience(
    "role",
    label=_("Role in their organisation"),
    everybody=_("All roles"),
    order=40,
    options=_roles,
    people=_of_role,
)
declare_belonging("directory", _belong_to)
