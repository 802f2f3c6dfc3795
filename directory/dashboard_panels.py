"""What the directory brings to the dashboard of "Animation"."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import ClaimRequest, Correction, DuplicatePair
from portal.accounts.dashboard import DashboardFigure, declare_panel
from portal.accounts.models import User


def _figures(user: User) -> Iterator[DashboardFigure]:
    claims = ClaimRequest.objects.visible_to(user).awaiting().count()
    corrections = Correction.objects.visible_to(user).open().count()
    pairs = DuplicatePair.objects.visible_to(user).undecided().count()
    yield DashboardFigure(_("organisations claimed"), claims, reverse("directory_animation:claims"))
    yield DashboardFigure(_("suggested corrections"), corrections, reverse("directory_animation:corrections"))
    yield DashboardFigure(_("possible duplicates"), pairs, reverse("directory_animation:pairs"))


declare_panel("directory", gettext_lazy("Directory"), order=60, figures=_figures)
