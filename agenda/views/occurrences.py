"""One date, for its organisers: who comes, changes, what came out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda.enums import RegistrationState
from agenda.exports import XLSX, as_csv, as_xlsx, table_of
from agenda.forms.desk import CapacityForm, OccurrenceForm, ReasonForm
from agenda.models import Occurrence, Registration
from agenda.presentation import STATE_KINDS, date_badges, facts_of
from agenda.selectors.desk import (
    organisation_of,
    organisations_by_user,
    registrations_for_desk,
)
from agenda.selectors.events import sessions_of
from agenda.selectors.statistics import figures_of
from agenda.services import dates, places
from agenda.views.access import account_of, for_organisers, occurrence_or_refuse
from agenda.views.desk import READ_OR_POST, told_sentence
from agenda.views.registration import refusals
from agenda.wording import occurrence_when, place


@require_safe
@for_organisers
def occurrence_page(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """Show who is registered for a date, by part, with what the organisers can do."""
    occurrence = occurrence_or_refuse(request, uid, pk)
    return _occurrence_page(request, occurrence)


def _occurrence_page(request: HttpRequest, occurrence: Occurrence, *, status: int = 200, **forms: Any) -> HttpResponse:
    registrations = list(registrations_for_desk(occurrence))
    known = organisations_by_user(registrations)
    sessions = sessions_of(occurrence)
    figures = {one.session.pk: one.figures for one in figures_of(occurrence)}
    context = {
        "event": occurrence.event,
        "occurrence": occurrence,
        "when": occurrence_when(occurrence),
        "badges": date_badges(occurrence),
        "facts": facts_of((_("When"), occurrence_when(occurrence)), (_("Where"), place(occurrence))),
        "parts": [
            {
                "session": session,
                "figures": figures[session.pk],
                "rows": [_row(one, known) for one in registrations if one.session_id == session.pk],
                "capacity": CapacityForm(session=session),
            }
            for session in sessions
        ],
        "cancel_form": ReasonForm(auto_id="id_cancel_%s"),
        **forms,
    }
    return render(request, "agenda/desk/occurrence.html", context, status=status)


def _row(registration: Registration, known: dict[int, str]) -> dict[str, Any]:
    return {
        "registration": registration,
        "organisation": organisation_of(registration, known),
        "kind": STATE_KINDS[RegistrationState(registration.state)],
        "answers": registration.answers,
    }


@require_http_methods(READ_OR_POST)
@for_organisers
def change(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """Change the time or the place of one date."""
    occurrence = occurrence_or_refuse(request, uid, pk)
    if occurrence.starts_at is None:
        raise Http404
    form = OccurrenceForm(*((request.POST,) if request.method == "POST" else ()), occurrence=occurrence)
    if form.is_bound and form.is_valid():
        told = dates.change_occurrence(occurrence=occurrence, change=form.change, note=form.cleaned_data["note"])
        messages.success(request, told_sentence(_("The date is changed."), told))
        return redirect("agenda_desk:occurrence", uid=uid, pk=pk)
    context = {"event": occurrence.event, "occurrence": occurrence, "form": form, "when": occurrence_when(occurrence)}
    context["expected"] = len(dates.registrations_to_tell([occurrence]))
    return render(request, "agenda/desk/occurrence_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_organisers
def cancel(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """Call one date off."""
    occurrence = occurrence_or_refuse(request, uid, pk)
    form = ReasonForm(request.POST, auto_id="id_cancel_%s")
    if not form.is_valid():
        return _occurrence_page(request, occurrence, status=422, cancel_form=form)
    told = dates.cancel_occurrence(occurrence=occurrence, reason=form.cleaned_data["reason"])
    messages.success(request, told_sentence(_("The date is called off."), told))
    return redirect("agenda_desk:occurrence", uid=uid, pk=pk)


@require_POST
@for_organisers
def restore(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """Take a date up again."""
    told = dates.restore_occurrence(occurrence=occurrence_or_refuse(request, uid, pk))
    messages.success(request, told_sentence(_("The date takes place after all."), told))
    return redirect("agenda_desk:occurrence", uid=uid, pk=pk)


@require_POST
@for_organisers
def capacity(request: HttpRequest, uid: UUID, pk: int, session: int) -> HttpResponse:
    """Change the places of one part."""
    occurrence = occurrence_or_refuse(request, uid, pk)
    found = next((one for one in sessions_of(occurrence) if one.pk == session), None)
    if found is None:
        raise Http404
    form = CapacityForm(request.POST, session=found)
    if form.is_valid():
        try:
            places.change_capacity(session=found, **form.capacities)
        except places.CapacityBelowTaken as error:
            messages.error(request, _("%(taken)s places are taken: there cannot be fewer.") % {"taken": error.taken})
        else:
            messages.success(request, _("The places are changed; those who waited have been written to."))
    else:
        messages.error(request, _("Write a number of places between 0 and 5,000."))
    return redirect("agenda_desk:occurrence", uid=uid, pk=pk)


@require_POST
@for_organisers
def decide(request: HttpRequest, uid: UUID, pk: int, registration: UUID) -> HttpResponse:
    """Approve, refuse or cancel one registration."""
    occurrence = occurrence_or_refuse(request, uid, pk)
    found = Registration.objects.filter(uid=registration, session__occurrence=occurrence).first()
    if found is None:
        raise Http404
    wanted, user = request.POST.get("do", ""), account_of(request)
    reason = request.POST.get("reason", "").replace("\x00", "")[:300]
    try:
        if wanted in {"approve", "reject"}:
            found = places.decide(registration=found, actor=user, approve=wanted == "approve", reason=reason)
        elif wanted == "cancel":
            found = places.cancel(registration=found, actor=user, reason=reason)
    except places.PlaceRefused as refusal:
        messages.error(request, refusals()[refusal.code])
    else:
        said = {"name": found.shown_name, "state": found.get_state_display()}
        messages.success(request, _("%(name)s: %(state)s.") % said)
    return redirect("agenda_desk:occurrence", uid=uid, pk=pk)


@require_safe
@for_organisers
def export(request: HttpRequest, uid: UUID, pk: int, form: str) -> HttpResponse:
    """Give who is registered to a spreadsheet."""
    occurrence = occurrence_or_refuse(request, uid, pk)
    registrations = list(registrations_for_desk(occurrence))
    for registration in registrations:
        registration.session.occurrence = occurrence
    rows = table_of(occurrence, registrations)
    name = f"inscriptions-{occurrence.original_day or 'archive'}"
    content, kind = (as_csv(rows), "text/csv; charset=utf-8") if form == "csv" else (as_xlsx(rows, name), XLSX)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
