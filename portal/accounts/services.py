"""Writes on accounts."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from portal.accounts.models import RegionTeam, User
from portal.taxonomy.models import Territory

#: What an animator does beside the pages of the region, as "app.codename".
ANIMATOR_PERMISSIONS = (
    "wagtailadmin.access_admin",
    "taxonomy.add_glossaryentry",
    "taxonomy.change_glossaryentry",
    "search.add_synonymgroup",
    "search.change_synonymgroup",
    "search.delete_synonymgroup",
)


def _permissions_of_animators() -> list[Permission]:
    pairs = [label.split(".") for label in ANIMATOR_PERMISSIONS]
    return [Permission.objects.get(content_type__app_label=app, codename=codename) for app, codename in pairs]


@transaction.atomic
def create_region_team(*, territory: Territory) -> RegionTeam:
    """Return the team of a region, created with its group if need be.

    The group may enter Wagtail's admin, keep the glossary and the synonyms of search; what else it may do
    there is given by the pages of the region.
    Only an administrator, or set-up code, may call this.
    """
    group, _created = Group.objects.get_or_create(name=f"Animation – {territory.name}")
    group.permissions.add(*_permissions_of_animators())
    team, _created = RegionTeam.objects.get_or_create(territory=territory, defaults={"group": group})
    return team


@transaction.atomic
def appoint_animator(*, user: User, territory: Territory) -> None:
    """Make ``user`` an animator of the region; only an administrator may call this."""
    team = create_region_team(territory=territory)
    user.groups.add(team.group)
    user.__dict__.pop("animated_region_ids", None)


@transaction.atomic
def create_member_account(
    *, email: str, first_name: str, last_name: str, password: str | None = None, status: str
) -> User:
    """Create the account of a person whose e-mail address is proven.

    Without a password the person signs in by link. ``status`` is a ``User.MembershipStatus``.
    Raises IntegrityError when the address has an account, whatever its case: callers look first
    and say nothing of it to the visitor.
    """
    return User.objects.create_user(
        email, password, first_name=first_name, last_name=last_name, membership_status=User.MembershipStatus(status)
    )


@transaction.atomic
def set_membership_status(*, user: User, status: str) -> None:
    """Write the community's decision on ``user``; only an animator, or set-up code, may call this.

    Raises ValueError for a word that is no ``User.MembershipStatus``.
    """
    user.membership_status = User.MembershipStatus(status)
    user.save(update_fields=["membership_status"])
