"""The organisers' pages: their events, one event from draft to archive."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda.enums import AnnouncementAudience, EventStatus
from agenda.forms.desk import AnnouncementForm, ReasonForm
from agenda.models import Event
from agenda.presentation import facts_of, link
from agenda.selectors.desk import announcement_counts, events_for_desk, next_date, occurrences_for_desk, reason_returned
from agenda.services import events as services
from agenda.services.announcements import announce_event
from agenda.tasks import announce
from agenda.views.access import account_of, event_or_refuse, for_organisers
from agenda.wording import occurrence_when, place
from portal.core.dates import format_day

READ_OR_POST = ["GET", "HEAD", "POST"]
PER_PAGE = 20
STATUS_KINDS = {
    EventStatus.DRAFT: "neutral",
    EventStatus.SUBMITTED: "warning",
    EventStatus.PUBLISHED: "success",
    EventStatus.CANCELLED: "error",
    EventStatus.ARCHIVED: "info",
}


@require_safe
@for_organisers
def event_list(request: HttpRequest) -> HttpResponse:
    """List the events that the person prepares, of one status or of all."""
    status = request.GET.get("etat", "")
    found = events_for_desk(request.user)
    found = found.filter(status=status) if status in EventStatus.values else found
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    options = [{"value": "", "label": _("Whatever their state"), "selected": not status}]
    options += [{"value": value, "label": label, "selected": value == status} for value, label in EventStatus.choices]
    context = {"page": page, "rows": [_row(event) for event in page.object_list], "options": options, "status": status}
    return render(request, "agenda/desk/event_list.html", context)


def _row(event: Any) -> dict[str, Any]:
    moment = event.next_at or event.last_at
    day = format_day(timezone.localtime(moment).date()) if moment else ""
    label = _("Next date") if event.next_at else _("Last date")
    return {
        "event": event,
        "badges": [{"label": event.get_status_display(), "kind": STATUS_KINDS[event.status]}],
        "facts": facts_of((label, day), (_("Territory"), event.territory)),
    }


@require_safe
@for_organisers
def event_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one event to its organisers: what is ready, what is missing, its dates, what comes next."""
    event = event_or_refuse(request, uid)
    return _event_page(request, event)


def _event_page(request: HttpRequest, event: Event, *, status: int = 200, **forms: Any) -> HttpResponse:
    may_publish = Event.objects.animated_by(request.user).filter(pk=event.pk).exists()
    counts = announcement_counts(event) if may_publish and _can_be_announced(event) else {}
    dates = list(occurrences_for_desk(event))
    for occurrence in dates:
        occurrence.event = event
    context = {
        "event": event,
        "badges": [{"label": event.get_status_display(), "kind": STATUS_KINDS[event.status]}],
        "steps": steps_of(event),
        "dates": [_date_row(occurrence) for occurrence in dates],
        "plans": list(event.plans.all()),
        "missing": services.what_is_missing(event),
        "to_change": reason_returned(event),
        "may_publish": may_publish,
        "reason_form": ReasonForm(auto_id="id_give_back_%s"),
        "cancel_form": ReasonForm(auto_id="id_cancel_%s"),
        "announcement": AnnouncementForm(counts=counts) if counts else None,
        "can_exclude": event.recurrence is not None,
        **forms,
    }
    return render(request, "agenda/desk/event.html", context, status=status)


def _can_be_announced(event: Event) -> bool:
    """Whether there is something to announce: mails name the next date."""
    return event.status == EventStatus.PUBLISHED and next_date(event) is not None


def steps_of(event: Event) -> list[dict[str, Any]]:
    """Return the parts of the preparation, each with whether something is there."""
    names = (
        ("identity", _("What it is, for whom, by whom"), True),
        ("schedule", _("Dates, places and audiences"), event.starts_on is not None),
        ("rules", _("Registration and questions"), event.starts_on is not None),
        (
            "programme",
            _("Contributions and documents"),
            event.contributions.exists() or event.documents.filter(occurrence=None).exists(),
        ),
    )
    return [
        {"label": label, "url": reverse(f"agenda_desk:{name}", args=[event.uid]), "is_done": done}
        for name, label, done in names
    ]


def _date_row(occurrence: Any) -> dict[str, Any]:
    url = reverse("agenda_desk:occurrence", args=[occurrence.event.uid, occurrence.pk])
    return {
        "occurrence": occurrence,
        "link": link(url, occurrence_when(occurrence)),
        "place": place(occurrence),
        "day": occurrence.original_day.isoformat() if occurrence.original_day else "",
        "spoken_day": format_day(occurrence.original_day),
        "can_leave": not (occurrence.seated or occurrence.waiting or occurrence.pending or occurrence.has_outcome),
    }


@require_POST
@for_organisers
def submit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask the animators of the region to publish."""
    event = event_or_refuse(request, uid)
    try:
        services.submit_event(event=event, user=account_of(request))
    except services.NotReady as error:
        messages.error(request, error.reason)
    else:
        messages.success(request, _("The animators of the region have been told; they publish it or write to you."))
    return redirect("agenda_desk:event", uid=uid)


def _event_to_publish(request: HttpRequest, uid: UUID) -> Event:
    event = event_or_refuse(request, uid)
    if not Event.objects.animated_by(request.user).filter(pk=event.pk).exists():
        raise PermissionDenied
    return event


@require_POST
@for_organisers
def publish(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the event to its audience."""
    event = _event_to_publish(request, uid)
    try:
        done = services.publish_event(event=event, user=account_of(request))
    except services.NotReady as error:
        messages.error(request, error.reason)
        return redirect("agenda_desk:event", uid=uid)
    if done:
        messages.success(request, _("The event is published. You can now announce it by mail."))
    return redirect(f"{reverse('agenda_desk:event', args=[uid])}#annonce")


@require_POST
@for_organisers
def give_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give a submitted event back with what to change."""
    event = _event_to_publish(request, uid)
    form = ReasonForm(request.POST, auto_id="id_give_back_%s")
    if not form.is_valid():
        return _event_page(request, event, status=422, reason_form=form)
    services.return_event(event=event, user=account_of(request), reason=form.cleaned_data["reason"])
    messages.success(request, _("The organisers have been told what to change."))
    return redirect("agenda_desk:event", uid=uid)


@require_POST
@for_organisers
def cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Call the whole event off."""
    event = event_or_refuse(request, uid)
    form = ReasonForm(request.POST, auto_id="id_cancel_%s")
    if not form.is_valid():
        return _event_page(request, event, status=422, cancel_form=form)
    told = services.cancel_event(event=event, reason=form.cleaned_data["reason"])
    messages.success(request, told_sentence(_("The event is called off."), told))
    return redirect("agenda_desk:event", uid=uid)


def told_sentence(done: str, told: int) -> str:
    """Return what was done, and how many people were written to."""
    return f"{done} " + ngettext(
        "%(count)s person has been written to.", "%(count)s people have been written to.", told
    ) % {"count": told}


@require_POST
@for_organisers
def duplicate(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Prepare another event like this one."""
    copy = services.duplicate_event(event=event_or_refuse(request, uid), user=account_of(request))
    messages.success(request, _("Here is the copy: change its title, then give it a date."))
    return redirect("agenda_desk:identity", uid=copy.uid)


@require_http_methods(READ_OR_POST)
@for_organisers
def announcement(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say how many people an announcement would reach, then send it once this is confirmed."""
    event = _event_to_publish(request, uid)
    if not _can_be_announced(event):
        return redirect("agenda_desk:event", uid=uid)
    counts = announcement_counts(event)
    form = AnnouncementForm(request.POST or None, counts=counts)
    if not form.is_valid():
        return _event_page(request, event, status=422 if request.POST else 200, announcement=form)
    audience = form.cleaned_data["audience"]
    if audience == AnnouncementAudience.NOBODY or request.POST.get("confirmed") != "1":
        context = {"event": event, "audience": audience, "count": counts[audience]}
        return render(request, "agenda/desk/announcement.html", context)
    announce_event(event=event, audience=audience, user=account_of(request))
    announce.enqueue(event.pk, audience)
    count = counts[audience]
    sentence = ngettext("%(count)s person is being written to.", "%(count)s people are being written to.", count)
    messages.success(request, sentence % {"count": count})
    return redirect("agenda_desk:event", uid=uid)
