"""Personal data of the directory."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import PROFILE_PARTS, Membership
from directory.selectors import is_sole_manager
from directory.services import forget_profile, forget_relay_addresses
from portal.accounts.models import User
from portal.accounts.personal_data import (
    Obstacle,
    OnErasure,
    declare,
    declare_cleaning,
    declare_obstacle,
    declare_other_people,
)

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
declare(
    "directory.ClaimRequest",
    owner="user",
    purpose=gettext_lazy("Your requests to manage an organisation"),
    fields=("organisation", "message", "work_email", "proof", "created_at", "state", "decided_at", "refusal_reason"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "directory.Correction",
    owner="author",
    purpose=gettext_lazy("The corrections that you suggested"),
    fields=("organisation", "message", "created_at", "state"),
    on_erasure=OnErasure.ANONYMISE,
)
declare(
    "directory.OrganisationMessage",
    owner="email",
    purpose=gettext_lazy("The messages that you wrote to organisations"),
    fields=("organisation", "name", "email", "subject", "message", "created_at"),
    on_erasure=OnErasure.DELETE,
    by_email=True,
)
declare_other_people(
    "directory.Organisation",
    because="its address is the organisation's; a person's own, given as such, is emptied when they leave",
)
declare(
    "directory.ImportJob",
    owner="owner",
    purpose=gettext_lazy("The files of organisations that you imported"),
    fields=("file_name", "state", "created_at", "finished_at"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "directory.DuplicatePair",
    owner="decided_by",
    purpose=gettext_lazy("Your decisions on possible duplicates"),
    fields=("first", "second", "decision", "decided_at"),
    on_erasure=OnErasure.ANONYMISE,
)
declare(
    "directory.MergeLog",
    owner="merged_by",
    purpose=gettext_lazy("The organisations that you merged"),
    fields=("kept", "absorbed", "merged_at"),
    on_erasure=OnErasure.ANONYMISE,
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
declare_cleaning("directory.relay", forget_relay_addresses)
