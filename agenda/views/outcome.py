"""What came out of one date, for its organisers: the restitution, its files."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agenda.forms.desk import ReportForm
from agenda.forms.rules import DocumentForm
from agenda.models import Occurrence
from agenda.selectors.events import sessions_of, with_subjects
from agenda.services import events, reports
from agenda.tasks import send_report
from agenda.views.access import for_organisers, occurrence_or_refuse
from agenda.views.desk import READ_OR_POST
from agenda.wording import occurrence_when


@require_http_methods(READ_OR_POST)
@for_organisers
def report(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """Write what came out of a date, then publish it to those who came."""
    occurrence = occurrence_or_refuse(request, uid, pk)
    form = _report_form(occurrence, request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _report_page(request, occurrence, form, DocumentForm(prefix="document"))
    text = form.cleaned_data["report"]
    reports.save_outcome(occurrence=occurrence, report=text, outcomes=form.outcomes, subjects=form.subjects)
    if request.POST.get("do") == "publish":
        _publish(request, occurrence)
    else:
        messages.success(request, _("Saved."))
    return redirect("agenda_desk:report", uid=uid, pk=pk)


def _report_form(occurrence: Occurrence, data: object = None) -> ReportForm:
    given = (data,) if data is not None else ()
    return ReportForm(*given, occurrence=occurrence, sessions=with_subjects(sessions_of(occurrence)))


def _publish(request: HttpRequest, occurrence: Occurrence) -> None:
    try:
        is_new = reports.publish_report(occurrence=occurrence)
    except reports.NothingToTell:
        messages.error(request, _("Write what came out of it first, or add a document."))
        return
    if not is_new:
        messages.success(request, _("Saved."))
        return
    send_report.enqueue(occurrence.pk)
    messages.success(request, _("The restitution is published; those who came are written to."))


def _report_page(
    request: HttpRequest, occurrence: Occurrence, form: ReportForm, document_form: DocumentForm
) -> HttpResponse:
    context = {
        "event": occurrence.event,
        "occurrence": occurrence,
        "form": form,
        "document_form": document_form,
        "documents": list(occurrence.documents.all()),
        "when": occurrence_when(occurrence),
    }
    status = 422 if form.is_bound or document_form.is_bound else 200
    return render(request, "agenda/desk/report.html", context, status=status)


@require_POST
@for_organisers
def add_document(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """Add a file of this date: its minutes, its slides."""
    occurrence = occurrence_or_refuse(request, uid, pk)
    form = DocumentForm(request.POST, request.FILES, prefix="document")
    if not form.is_valid():
        return _report_page(request, occurrence, _report_form(occurrence), form)
    data = form.cleaned_data
    events.add_document(
        event=occurrence.event, occurrence=occurrence, title=data["title"], upload=data["file"], access=data["access"]
    )
    messages.success(request, _("The document is added."))
    return redirect(f"{reverse('agenda_desk:report', args=[uid, pk])}#documents")
