"""What moderation tells: a report to the animators, a decision to whoever reported."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import User
from portal.accounts.rules import is_animator
from portal.moderation.models import Report
from portal.moderation.rules import may_moderate
from portal.notifications.enums import Rhythm
from portal.notifications.kinds import NotificationKind, Recipient, Telling, declare
from portal.notifications.models import Event


def _deciders(event: Event) -> Iterator[Recipient]:
    """Yield the animators of the region, or the administrators where the thing has none."""
    report = Report.objects.filter(pk=event.object_id).first()
    if report is None:
        return
    region = Q(groups__region_team__territory=report.region_id)
    found = User.objects.filter(region if report.region_id else Q(is_superuser=True))
    for pk in found.order_by("pk").values_list("pk", flat=True):
        yield Recipient(pk)


def _tell_deciders(event: Event, user: User) -> Telling | None:
    report = Report.objects.open().filter(pk=event.object_id).first()
    if report is None or not may_moderate(user, report):
        return None
    return Telling(
        _("Reported: %(title)s") % {"title": report.title},
        reverse("moderation:decide", args=[report.uid]),
        f"moderation.thing:{report.target_kind}:{report.target_pk}",
        report.title,
    )


def _reporter(event: Event) -> Iterator[Recipient]:
    report = Report.objects.filter(pk=event.object_id).first()
    if report is not None and report.reporter_id:
        yield Recipient(report.reporter_id)


def _tell_reporter(event: Event, user: User) -> Telling | None:
    report = Report.objects.filter(pk=event.object_id, reporter=user).first()
    if report is None:
        return None
    title = _("Your report “%(title)s” has been examined: %(state)s")
    values = {"title": report.title, "state": report.get_state_display()}
    return Telling(title % values, reverse("moderation:my_report", args=[report.uid]), f"moderation.report:{report.pk}")


declare(
    NotificationKind(
        key="moderation.reported",
        label=gettext_lazy("A reader reports something"),
        reason=gettext_lazy("You animate the region of this content."),
        audience=_deciders,
        telling=_tell_deciders,
        default=Rhythm.NOW,
        concerns=is_animator,
    )
)
declare(
    NotificationKind(
        key="moderation.decided",
        label=gettext_lazy("What became of my report"),
        reason=gettext_lazy("You reported this content."),
        audience=_reporter,
        telling=_tell_reporter,
        default=Rhythm.NOW,
        mandatory=True,
    )
)
