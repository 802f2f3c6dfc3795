"""What joining brings to the dashboard of "Animation"."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.dashboard import DashboardFigure, declare_panel
from portal.accounts.models import User
from portal.joining.selectors import awaiting_count


def _figures(user: User) -> Iterator[DashboardFigure]:
    yield DashboardFigure(_("accounts to approve"), awaiting_count(user), reverse("joining:accounts"))


declare_panel("accounts", gettext_lazy("The community"), order=30, figures=_figures)
