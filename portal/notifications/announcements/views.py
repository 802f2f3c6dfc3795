"""Writing to many members, and reading what was written."""

from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.rules import is_animator
from portal.core.dates import format_day
from portal.notifications.announcements import services
from portal.notifications.announcements.enums import State
from portal.notifications.announcements.forms import AnnouncementForm, ScheduleForm
from portal.notifications.announcements.models import Announcement
from portal.notifications.announcements.selectors import (
    announcements_for,
    criteria_of,
    figures_of,
    group_of,
    people_of,
    readable_announcement,
)
from portal.notifications.services import mark_seen

PER_PAGE = 20
READ_OR_POST = ["GET", "HEAD", "POST"]
BADGES = {State.DRAFT: "neutral", State.SCHEDULED: "info", State.SENT: "success"}


def for_animators(view: Any) -> Any:
    """Let animators in; visitors go to sign-in."""

    @wraps(view)
    @login_required
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_animator(request.user):
            raise PermissionDenied
        response: HttpResponse = view(request, *args, **kwargs)
        return response

    return wrapper


def _own(request: HttpRequest, uid: UUID) -> Announcement:
    return get_object_or_404(announcements_for(request.user), uid=uid)


def _moment(value: Any) -> str:
    local = timezone.localtime(value)
    return _("on %(day)s at %(time)s") % {"day": format_day(local), "time": local.strftime("%-H h %M")}


@require_safe
@for_animators
def index(request: HttpRequest) -> HttpResponse:
    """List the announcements of the animator's regions."""
    page = Paginator(announcements_for(request.user), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "announcement": one,
            "badge": {"label": one.get_state_display(), "kind": BADGES[State(one.state)]},
            "when": _moment(one.sent_at or one.scheduled_at or one.created_at),
        }
        for one in page.object_list
    ]
    return render(request, "announcements/index.html", {"page": page, "rows": rows})


@require_http_methods(READ_OR_POST)
@for_animators
def write(request: HttpRequest, uid: UUID | None = None) -> HttpResponse:
    """Write a new announcement, or change one that has not left."""
    announcement = _own(request, uid) if uid else Announcement(author=request.user)  # type: ignore[misc]
    if announcement.is_sent:
        return redirect("announcements:detail", announcement.uid)
    data = request.POST if request.method == "POST" else None
    form = AnnouncementForm(data, instance=announcement, user=request.user)  # type: ignore[arg-type]
    if data is not None and form.is_valid():
        with transaction.atomic():
            # Its sender may be at work: what has left changes no more.
            unsent = Announcement.objects.select_for_update().exclude(state=State.SENT)
            if uid is None or unsent.filter(pk=announcement.pk).exists():
                announcement = form.save()
        return redirect("announcements:detail", announcement.uid)
    context = {"form": form, "announcement": announcement if uid else None}
    return render(request, "announcements/form.html", context, status=422 if data is not None else 200)


@require_safe
@for_animators
def detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show an announcement with its number of recipients before it leaves, and with its figures afterwards."""
    return _detail(request, _own(request, uid), ScheduleForm())


def _detail(request: HttpRequest, announcement: Announcement, form: ScheduleForm, status: int = 200) -> HttpResponse:
    count = announcement.recipient_count if announcement.is_sent else people_of(announcement).count()
    if announcement.is_sent:
        said = ngettext("%(count)d person was meant", "%(count)d persons were meant", count) % {"count": count}
    else:
        said = ngettext("%(count)d person receives it", "%(count)d persons receive it", count) % {"count": count}
    facts = [{"label": _("Region"), "value": announcement.region or _("The whole portal")}]
    facts += [{"label": label, "value": value} for label, value in criteria_of(announcement, request.user)]  # type: ignore[arg-type]
    context = {
        "announcement": announcement,
        "badges": [{"label": announcement.get_state_display(), "kind": BADGES[State(announcement.state)]}],
        "count": count,
        "count_label": said,
        "facts": facts,
        "reason": services.reason_of(announcement),
        "figures": figures_of(announcement) if announcement.is_sent else None,
        "scheduled": _moment(announcement.scheduled_at) if announcement.scheduled_at else "",
        "sent": _moment(announcement.sent_at) if announcement.sent_at else "",
        "form": form,
    }
    return render(request, "announcements/detail.html", context, status=status)


@require_POST
@for_animators
def test(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Mail it to the animator alone."""
    announcement = _own(request, uid)
    services.send_test(announcement=announcement, user=request.user)  # type: ignore[arg-type]
    messages.success(request, _("A test has been sent to %(email)s.") % {"email": request.user.email})  # type: ignore[union-attr]
    return redirect("announcements:detail", announcement.uid)


@require_POST
@for_animators
def send(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Let it leave now."""
    sent = services.send_announcement(announcement=_own(request, uid))
    said = ngettext(
        "The announcement leaves for %(count)d person.",
        "The announcement leaves for %(count)d persons.",
        sent.recipient_count,
    )
    messages.success(request, said % {"count": sent.recipient_count})
    return redirect("announcements:detail", sent.uid)


@require_POST
@for_animators
def schedule(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Have it leave later."""
    announcement = _own(request, uid)
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        return _detail(request, announcement, form, 422)
    try:
        services.schedule_announcement(announcement=announcement, at=form.cleaned_data["at"])
        messages.success(
            request, _("The announcement will leave %(when)s.") % {"when": _moment(form.cleaned_data["at"])}
        )
    except services.AlreadySentError:
        messages.warning(request, _("This announcement has already left."))
    return redirect("announcements:detail", announcement.uid)


@require_POST
@for_animators
def unschedule(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Keep a scheduled one from leaving."""
    announcement = _own(request, uid)
    try:
        services.unschedule_announcement(announcement=announcement)
        messages.success(request, _("The announcement will not leave: it is a draft again."))
    except services.AlreadySentError:
        messages.warning(request, _("This announcement has already left."))
    return redirect("announcements:detail", announcement.uid)


@require_POST
@for_animators
def delete(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Delete one that has not left."""
    announcement = _own(request, uid)
    try:
        services.delete_draft(announcement=announcement)
    except services.AlreadySentError:
        messages.warning(request, _("This announcement has already left."))
        return redirect("announcements:detail", announcement.uid)
    messages.success(request, _("“%(title)s” is deleted.") % {"title": announcement.title})
    return redirect("announcements:index")


@require_safe
@login_required
def read(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show an announcement to somebody it was sent to."""
    announcement = get_object_or_404(Announcement.objects.select_related("region"), uid=uid)
    if not readable_announcement(request.user, announcement):  # type: ignore[arg-type]
        raise Http404
    mark_seen(user=request.user, group=group_of(announcement))  # type: ignore[arg-type]
    context = {"announcement": announcement, "sent": _moment(announcement.sent_at or announcement.created_at)}
    return render(request, "announcements/read.html", context)


@never_cache
@require_safe
def link(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Count a visit, of nobody in particular, and lead on."""
    announcement = get_object_or_404(Announcement, uid=uid)
    if announcement.is_sent and request.method == "GET":
        services.count_visit(announcement=announcement)
    return redirect(announcement.link_url or announcement.get_absolute_url())
