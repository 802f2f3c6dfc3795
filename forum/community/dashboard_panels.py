"""What the forum brings to the dashboard of "Animation"."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.community.models import Discussion
from forum.community.models.discussions import moderated_by
from forum.community.selectors.discussions import waiting_messages
from portal.accounts.dashboard import DashboardFigure, declare_panel
from portal.accounts.models import User


def _figures(user: User) -> Iterator[DashboardFigure]:
    unanswered = Discussion.objects.published().filter(moderated_by(user)).unanswered()
    late = unanswered.exclude(escalated_at=None).count()
    note = _("for more than 48 working hours")
    yield DashboardFigure(_("questions without an answer"), late, reverse("forum_animation:waiting"), note)
    yield DashboardFigure(_("messages to approve"), waiting_messages(user).count(), reverse("forum_animation:queue"))


declare_panel("forum", gettext_lazy("Forum"), order=40, figures=_figures)
