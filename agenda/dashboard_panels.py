"""What the agenda brings to the dashboard of "Animation"."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.enums import SEATED_STATES, EventStatus
from agenda.models import Event, Occurrence, Registration
from agenda.selectors.desk import submitted_count
from portal.accounts.dashboard import DashboardFigure, declare_panel
from portal.accounts.models import User


def _figures(user: User) -> Iterator[DashboardFigure]:
    address = reverse("agenda_desk:events")
    dates = Occurrence.objects.filter(event=OuterRef("pk"), ends_at__gte=timezone.now())
    to_come = Event.objects.animated_by(user).filter(Exists(dates), status=EventStatus.PUBLISHED)
    seated = Registration.objects.filter(
        session__occurrence__event__in=to_come.order_by().values("pk"),
        session__ends_at__gte=timezone.now(),
        state__in=SEATED_STATES,
    )
    yield DashboardFigure(_("events to come"), to_come.count(), address)
    yield DashboardFigure(_("people registered to come"), seated.count(), address)
    yield DashboardFigure(_("events to approve"), submitted_count(user), address)


declare_panel("agenda", gettext_lazy("Agenda"), order=50, figures=_figures)
