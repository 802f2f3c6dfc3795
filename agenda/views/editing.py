"""Preparing an event, part by part."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agenda.forms.identity import IdentityForm
from agenda.forms.rules import (
    ContributionFormSet,
    DocumentForm,
    ProgrammeForm,
    QuestionFormSet,
    RegistrationRulesForm,
    question_initial,
)
from agenda.forms.schedule import PartFormSet, ScheduleForm, part_initial
from agenda.forms.shared import typed_in
from agenda.models import Event
from agenda.services import dates, events, places
from agenda.views.access import account_of, event_or_refuse, for_organisers
from agenda.views.desk import READ_OR_POST, told_sentence

#: Templates of events, by their name in the address.
TEMPLATES = {"session-lab": (events.session_lab_fields, events.session_lab_parts)}


@require_http_methods(READ_OR_POST)
@for_organisers
def new(request: HttpRequest) -> HttpResponse:
    """Begin an event, empty or from a template."""
    template = request.GET.get("modele", "")
    fields, parts = TEMPLATES.get(template, (dict, list))
    user = account_of(request)
    form = IdentityForm(request.POST or None, user=user, initial=fields())
    if form.is_valid():
        event = events.create_event(identity=form.identity, user=user, parts=parts())
        messages.success(request, _("The draft is saved. Now its dates and places."))
        return redirect("agenda_desk:schedule", uid=event.uid)
    context = {"form": form, "template": template if template in TEMPLATES else ""}
    return render(request, "agenda/desk/new.html", context, status=422 if form.is_bound else 200)


@require_http_methods(READ_OR_POST)
@for_organisers
def identity(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write what the event is."""
    event = event_or_refuse(request, uid)
    form = IdentityForm(request.POST or None, user=account_of(request), event=event)
    if form.is_valid():
        events.update_identity(event=event, identity=form.identity)
        messages.success(request, _("Saved."))
        return redirect("agenda_desk:event", uid=uid)
    return _page(request, "agenda/desk/identity.html", event, form)


def _page(request: HttpRequest, template: str, event: Event, form: Any, **context: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, template, {"event": event, "form": form, **context}, status=status)


@require_http_methods(READ_OR_POST)
@for_organisers
def schedule(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write when and where, and the parts of the day."""
    event = event_or_refuse(request, uid)
    if "add_part" in request.POST:
        return _with_one_more_part(request, event)
    form = ScheduleForm(*_data(request), event=event)
    parts = PartFormSet(*_data(request), prefix="parts", initial=[part_initial(plan) for plan in event.plans.all()])
    is_valid = request.method == "POST" and form.is_valid() & parts.is_valid()
    if is_valid and (answer := _save_schedule(request, event, form, parts)):
        return answer
    return _page(request, "agenda/desk/schedule.html", event, form, parts=parts)


def _data(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _with_one_more_part(request: HttpRequest, event: Event) -> HttpResponse:
    """Show the schedule as it was typed, with an empty part after the others; nothing is saved yet."""
    sent = PartFormSet(request.POST, prefix="parts")
    # A forged count of parts shows no more than there may be.
    typed = sent.forms[: PartFormSet.max_num - 1] if sent.management_form.is_valid() else []
    parts = [typed_in(part, request.POST) for part in typed]
    form = ScheduleForm(event=event, typed=typed_in(ScheduleForm(event=event), request.POST))
    return _page(
        request,
        "agenda/desk/schedule.html",
        event,
        form,
        parts=PartFormSet(prefix="parts", initial=[*parts, {"day": 1}]),
    )


def _save_schedule(request: HttpRequest, event: Event, form: ScheduleForm, parts: Any) -> HttpResponse | None:
    """Save the schedule; None, with the error at its field, where it cannot be."""
    kept = [row.part for row in parts.rows]
    if not kept:
        form.add_error(None, _("Keep one part at least: its times are those of the event."))
        return None
    if {part.pk for part in kept if part.pk} - set(event.plans.values_list("pk", flat=True)):
        raise Http404
    try:
        saved = events.save_schedule(event=event, schedule=form.schedule(kept), note=form.cleaned_data["note"])
    except places.CapacityBelowTaken as error:
        form.add_error(None, _("%(taken)s places are taken: there cannot be fewer.") % {"taken": error.taken})
    except events.PartHasRegistrations:
        form.add_error(None, _("People are registered for the part that you take away: call the date off instead."))
    except events.PartHasOutcome:
        form.add_error(None, _("The part that you take away has a restitution: it stays."))
    else:
        messages.success(request, told_sentence(_("The dates are saved."), saved.told) if saved.told else _("Saved."))
        if saved.dates.outside:
            messages.warning(request, _("Dates outside the rule have registrations: call them off to tell the people."))
        return redirect("agenda_desk:event", uid=event.uid)
    return None


@require_POST
@for_organisers
def exclude(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take dates out of a series."""
    event = event_or_refuse(request, uid)
    try:
        chosen = [date.fromisoformat(text[:10]) for text in request.POST.getlist("day")]
    except ValueError as error:
        raise Http404 from error
    try:
        dates.exclude_days(event=event, days=chosen)
    except dates.RegisteredAlready:
        messages.error(request, _("People are registered on one of these dates: call it off, they are then told."))
    except dates.DatesKept as error:
        messages.error(request, error.reason)
    else:
        if chosen:
            messages.success(request, _("These dates are left out of the series."))
    return redirect("agenda_desk:event", uid=uid)


@require_http_methods(READ_OR_POST)
@for_organisers
def rules(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write how one registers and what is asked."""
    event = event_or_refuse(request, uid)
    names = ("registration_mode", "registration_url", "opens_days_before", "closes_hours_before")
    names = (*names, "needs_approval", "has_waiting_list")
    form = RegistrationRulesForm(*_data(request)[:1], initial={name: getattr(event, name) for name in names})
    asked = [question_initial(question) for question in event.questions.all()]
    questions = QuestionFormSet(*_data(request)[:1], prefix="questions", initial=asked)
    if request.method == "POST" and form.is_valid() & questions.is_valid():
        own = set(event.questions.values_list("pk", flat=True))
        if {row["pk"] for row in questions.questions if row["pk"]} - own:
            raise Http404
        events.save_registration_rules(event=event, fields=form.cleaned_data, questions=questions.questions)
        messages.success(request, _("Saved."))
        return redirect("agenda_desk:event", uid=uid)
    return _page(request, "agenda/desk/rules.html", event, form, questions=questions)


@require_http_methods(READ_OR_POST)
@for_organisers
def programme(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write who presents what, and what follows; files are added beside."""
    event = event_or_refuse(request, uid)
    rows = [
        {"title": one.title, "organisation": one.organisation_id, "body": one.body} for one in event.contributions.all()
    ]
    form = ProgrammeForm(*_data(request)[:1], initial={"follow_up": event.follow_up})
    contributions = ContributionFormSet(*_data(request)[:1], prefix="contributions", initial=rows)
    if request.method == "POST" and form.is_valid() & contributions.is_valid():
        follow_up = form.cleaned_data["follow_up"]
        events.save_programme(event=event, follow_up=follow_up, contributions=contributions.contributions)
        messages.success(request, _("Saved."))
        return redirect("agenda_desk:event", uid=uid)
    return _programme_page(request, event, form, contributions, DocumentForm())


def _programme_page(
    request: HttpRequest, event: Event, form: Any, contributions: Any, document_form: DocumentForm
) -> HttpResponse:
    context = {
        "event": event,
        "form": form,
        "contributions": contributions,
        "document_form": document_form,
        "documents": list(event.documents.filter(occurrence=None)),
    }
    status = 422 if form.is_bound or document_form.is_bound else 200
    return render(request, "agenda/desk/programme.html", context, status=status)


@require_POST
@for_organisers
def add_document(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Add a file."""
    event = event_or_refuse(request, uid)
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        events.add_document(event=event, title=data["title"], upload=data["file"], access=data["access"])
        messages.success(request, _("The document is added."))
        return redirect("agenda_desk:programme", uid=uid)
    rows = [
        {"title": one.title, "organisation": one.organisation_id, "body": one.body} for one in event.contributions.all()
    ]
    programme_form = ProgrammeForm(initial={"follow_up": event.follow_up})
    return _programme_page(
        request, event, programme_form, ContributionFormSet(prefix="contributions", initial=rows), form
    )


@require_POST
@for_organisers
def remove_document(request: HttpRequest, uid: UUID, document: UUID) -> HttpResponse:
    """Delete a file."""
    event = event_or_refuse(request, uid)
    found = event.documents.filter(uid=document).first()
    if found is None:
        raise Http404
    events.remove_document(document=found)
    messages.success(request, _("The document is deleted."))
    if found.occurrence_id is not None:
        return redirect("agenda_desk:report", uid=uid, pk=found.occurrence_id)
    return redirect("agenda_desk:programme", uid=uid)
