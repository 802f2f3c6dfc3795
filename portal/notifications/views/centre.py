"""The notification centre: what one was told, read or not."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from portal.core.dates import format_day
from portal.notifications.mailing import tell_again
from portal.notifications.models import Notification
from portal.notifications.selectors import GroupLine, groups_of, lines_of, unread_count
from portal.notifications.services import close_hidden, mark_all_seen, mark_seen

PER_PAGE = 20


@require_safe
@login_required
def centre(request: HttpRequest) -> HttpResponse:
    """List what the person was told, a group a line; ``?filtre=non-lues`` keeps what is unread."""
    only_unread = request.GET.get("filtre") == "non-lues"
    page = Paginator(groups_of(request.user, only_unread=only_unread), PER_PAGE).get_page(request.GET.get("page"))
    found, hidden = lines_of(request.user, list(page.object_list), only_unread=only_unread)
    # A number that leads to nothing would stay in the header for ever.
    close_hidden(notifications=hidden)
    lines = [_shown(line) for line in found]
    here = reverse("notifications:centre")
    count = unread_count(request.user)
    tabs = [
        {"label": _("All"), "url": here, "current": not only_unread},
        {"label": _("Unread (%(count)d)") % {"count": count}, "url": f"{here}?filtre=non-lues", "current": only_unread},
    ]
    context = {"page": page, "lines": lines, "tabs": tabs, "unread": count, "only_unread": only_unread}
    return render(request, "notifications/centre.html", context)


def _shown(line: GroupLine) -> dict[str, Any]:
    latest = line.latest
    badges = []
    if line.unread:
        badges.append(
            {
                "label": ngettext("%(count)d unread", "%(count)d unread", line.unread) % {"count": line.unread},
                "kind": "new",
            }
        )
    facts = [{"label": _("Told"), "value": _when(latest)}]
    if line.count > 1:
        facts.append({"label": _("In this group"), "value": _("%(count)d news") % {"count": line.count}})
    return {
        "title": latest.title,
        "url": reverse("notifications:open", args=[latest.pk]),
        "kicker": latest.group_title if latest.group_title not in latest.title else "",
        "reason": latest.reason,
        "badges": badges,
        "facts": facts,
    }


def _when(notification: Notification) -> str:
    moment = timezone.localtime(notification.created_at)
    if moment.date() == timezone.localdate():
        return _("today at %(time)s") % {"time": moment.strftime("%-H h %M")}
    return _("on %(day)s") % {"day": format_day(moment)}


@never_cache
@require_GET
@login_required
def open_notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notification and its group as read, and lead to what it tells, if the person may still see it."""
    notification = get_object_or_404(
        Notification.objects.select_related("event"),
        pk=pk,
        user=request.user,  # type: ignore[misc]
    )
    telling = tell_again(notification, request.user)  # type: ignore[arg-type]
    mark_seen(user=request.user, group=notification.group)  # type: ignore[arg-type]
    if telling is None:
        messages.warning(request, _("What this notification told of is no longer there, or no longer open to you."))
        return redirect("notifications:centre")
    return redirect(telling.url)


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    count = mark_all_seen(user=request.user)  # type: ignore[arg-type]
    if count:
        said = ngettext(
            "%(count)d notification is marked as read.", "%(count)d notifications are marked as read.", count
        )
        messages.success(request, said % {"count": count})
    return redirect("notifications:centre")


@never_cache
@require_safe
@login_required
def count(request: HttpRequest) -> JsonResponse:
    """Return how many are unread, for the header of a page that stays open."""
    unread = unread_count(request.user)  # type: ignore[arg-type]
    return JsonResponse({"count": unread})
