"""Arrivals: a list to tick, a code to read."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda.enums import SEATED_STATES, Attendance
from agenda.links import read_check_in_token
from agenda.models import Registration
from agenda.selectors.desk import organisation_of, organisations_by_user, registrations_for_desk
from agenda.selectors.events import sessions_of
from agenda.services import places
from agenda.views.access import account_of, for_organisers, occurrence_or_refuse
from agenda.wording import occurrence_when, session_title, session_when


@require_safe
@for_organisers
def arrivals(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """List who is expected, by part, with who is there."""
    occurrence = occurrence_or_refuse(request, uid, pk)
    found = [one for one in registrations_for_desk(occurrence) if one.state in SEATED_STATES]
    known = organisations_by_user(found)
    rows = [{"registration": one, "organisation": organisation_of(one, known)} for one in found]
    rows.sort(key=lambda row: row["registration"].shown_name.casefold())
    parts = [
        {"session": session, "rows": [row for row in rows if row["registration"].session_id == session.pk]}
        for session in sessions_of(occurrence)
    ]
    context = {"event": occurrence.event, "occurrence": occurrence, "parts": parts, "when": occurrence_when(occurrence)}
    return render(request, "agenda/desk/arrivals.html", context)


@require_POST
@for_organisers
def note(request: HttpRequest, uid: UUID, pk: int, registration: UUID) -> HttpResponse:
    """Note that somebody is there, is not, or that it is not known."""
    occurrence = occurrence_or_refuse(request, uid, pk)
    found = Registration.objects.filter(uid=registration, session__occurrence=occurrence).first()
    attendance = request.POST.get("attendance", "")
    if found is None or attendance not in Attendance.values:
        raise Http404
    done = places.note_attendance(registration=found, attendance=attendance, actor=account_of(request))
    label = done.get_attendance_display() if done.attendance else Attendance.UNKNOWN.label
    messages.success(request, _("%(name)s: %(state)s.") % {"name": done.shown_name, "state": label})
    return redirect(f"{reverse('agenda_desk:arrivals', args=[uid, pk])}#p-{registration}")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request: HttpRequest, token: str) -> HttpResponse:
    """Show to an organiser whose code was read, and note the arrival by POST."""
    read = read_check_in_token(token)
    related = ("user", "guest", "session__plan", "session__occurrence__event")
    found = Registration.objects.select_related(*related).filter(uid=read[0]).first() if read else None
    if read is None or found is None or found.link_key != read[1]:
        raise Http404
    if not Registration.objects.kept_by(request.user).filter(pk=found.pk).exists():
        raise PermissionDenied
    if request.method == "POST":
        places.note_attendance(registration=found, attendance=Attendance.PRESENT, actor=account_of(request))
        return redirect("agenda:check_in", token=token)
    context = {
        "registration": found,
        "title": session_title(found.session),
        "when": session_when(found.session),
        "is_present": found.attendance == Attendance.PRESENT,
        "is_expected": found.state in SEATED_STATES,
        "list_url": reverse(
            "agenda_desk:arrivals", args=[found.session.occurrence.event.uid, found.session.occurrence_id]
        ),
    }
    return render(request, "agenda/desk/code.html", context)
