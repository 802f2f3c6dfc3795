"""Personal data of the directory."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import PROFILE_PARTS, Membership
from directory.selectors import is_sole_manager
from directory.services import forget_profile
from portal.accounts.models import User
from portal.accounts.personal_data import Obstacle, OnErasure, declare, declare_cleaning, declare_obstacle

declare(
    "directory.Profile",
    owner="user",
    purpose=gettext_lazy("Your profile"),
    fields=(
        *("presentation", "phone", "contact_email", "photo", "skills", "themes", "territories", "is_listed"),
        *(f"{part}_visibility" for part in PROFILE_PARTS),
    ),
    on_erasure=OnErasure.DELETE,
)
declare(
    "directory.Membership",
    owner="user",
    purpose=gettext_lazy("Your place in organisations"),
    fields=("organisation", "role", "joined_at", "left_at"),
    on_erasure=OnErasure.DELETE,
)


def _organisations_left_alone(user: User) -> Iterator[Obstacle]:
    """Yield the organisations whose only manager ``user`` is."""
    places = Membership.objects.active().filter(user=user).select_related("organisation")
    for place in places:
        if is_sole_manager(place):
            yield Obstacle(
                _("You are the only manager of %(name)s: name another one first, or write to us if you are alone.")
                % {"name": place.organisation.name},
                reverse("my_directory:organisations"),
                _("See its members"),
            )


declare_obstacle("directory", _organisations_left_alone)
declare_cleaning("directory", forget_profile)
