"""Criteria that need nothing but accounts: roles."""

from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import RegionTeam, User
from portal.notifications.announcements.audiences import declare_audience, declare_belonging

ANIMATORS = "animation"


def _animators(value: str) -> Q:
    return Q(groups__in=RegionTeam.objects.values("group")) if value == ANIMATORS else Q(pk__in=[])


def _options(user: User) -> list[tuple[str, str]]:
    return [(ANIMATORS, _("Animators"))]


def _animate_there(region_ids: Collection[int]) -> Q:
    return Q(pk__in=User.objects.filter(groups__region_team__territory__in=region_ids).values("pk"))


declare_audience(
    "team",
    label=gettext_lazy("Animation team"),
    everybody=gettext_lazy("All members"),
    order=90,
    options=_options,
    people=lambda value: Q(pk__in=User.objects.filter(_animators(value)).values("pk")),
)
declare_belonging("animators", _animate_there)
