"""What the directory brings to "Animation"."""

from django.utils.translation import gettext_lazy as _

from directory.models import ClaimRequest, Correction, DuplicatePair
from portal.accounts.cockpit import declare
from portal.accounts.models import User


def _claims(user: User) -> int:
    return ClaimRequest.objects.visible_to(user).awaiting().count()


def _corrections(user: User) -> int:
    return Correction.objects.visible_to(user).open().count()


def _pairs(user: User) -> int:
    return DuplicatePair.objects.visible_to(user).undecided().count()


declare("directory_animation:claims", _("Organisations claimed"), order=40, count=_claims)
declare("directory_animation:corrections", _("Suggested corrections"), order=41, count=_corrections)
declare("directory_animation:pairs", _("Possible duplicates"), order=42, count=_pairs)
declare("directory_animation:imports", _("Import organisations"), order=43)
