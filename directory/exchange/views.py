"""Imports of organisations, as animators follow them."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory.animation_views import require_animator
from directory.enums import ImportMode, ImportState, LineOutcome
from directory.exchange.columns import IMPORTED
from directory.exchange.reading import MAX_BYTES
from directory.exchange.reporting import COUNTED, TITLES, report_rows
from directory.exchange.services import NotReadyError, confirm_import, drop_import, start_import
from directory.exchange.tables import csv_response
from directory.models import ImportJob
from portal.accounts.models import User
from portal.core.uploads import extension_of

#: Lines of the report that one page shows; the file has them all.
LINES_PER_PAGE = 50
RUNNING = {ImportState.CHECKING, ImportState.WRITING}


class ImportForm(forms.Form):
    """A file of organisations; its content is judged by the worker."""

    file = forms.FileField(
        label=gettext_lazy("File of organisations"),
        max_length=200,
        help_text=gettext_lazy(
            "CSV or XLSX, 25,000 lines and 20 Mo at most. Nothing is written before you have seen a report."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def clean_file(self) -> Any:
        """Refuse what is neither CSV nor XLSX by its name, or too big."""
        upload = self.cleaned_data["file"]
        if extension_of(upload.name) not in {"csv", "xlsx"}:
            raise ValidationError(_("This file is neither CSV nor XLSX: save it in one of these formats."))
        if upload.size > MAX_BYTES:
            raise ValidationError(_("This file is too big: 20 Mo at most."))
        return upload


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def imports(request: HttpRequest) -> HttpResponse:
    """Show one's imports, and take a new file."""
    user = require_animator(request)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if request.method == "POST" and form.is_valid():
        job = start_import(file=form.cleaned_data["file"], owner=user)
        return redirect("directory_animation:import", uid=job.uid)
    context = {
        "form": form,
        "jobs": ImportJob.objects.filter(owner=user)[:20],
        "columns": IMPORTED,
    }
    return render(request, "directory/animation/import_list.html", context, status=422 if form.is_bound else 200)


def _own_job(request: HttpRequest, uid: UUID) -> ImportJob:
    return get_object_or_404(ImportJob, uid=uid, owner=require_animator(request))


@require_safe
@login_required
def import_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show how far an import is, its report, and what can be done with it; as JSON for the page that waits."""
    job = _own_job(request, uid)
    if request.GET.get("format") == "json":
        return JsonResponse({"state": job.state, "done": job.done, "total": job.total})
    context = {
        "job": job,
        "is_running": job.state in RUNNING,
        "can_write": job.state == ImportState.CHECKED and (job.to_create or job.to_update),
        **_report(request, job),
    }
    return render(request, "directory/animation/import_detail.html", context)


def _report(request: HttpRequest, job: ImportJob) -> dict[str, Any]:
    """Return one page of the lines of one outcome: of those that are wrong first, where there are any."""
    counts = {outcome: getattr(job, name) for outcome, name in COUNTED.items() if getattr(job, name)}
    asked = request.GET.get("voir", LineOutcome.WRONG if job.refused else "")
    chosen = asked if asked in counts else ""
    lines = job.lines.filter(outcome=chosen) if chosen else job.lines.all()
    tabs = [("", _("All (%(count)d)") % {"count": sum(counts.values())})]
    tabs += [(outcome.value, f"{outcome.label} ({counts[outcome]})") for outcome in LineOutcome if outcome in counts]
    return {
        "lines": Paginator(lines, LINES_PER_PAGE).get_page(request.GET.get("page")),
        "tabs": [{"label": label, "url": f"?voir={value}", "current": value == chosen} for value, label in tabs],
    }


@require_POST
@login_required
def import_run(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Have a judged file written."""
    job = _own_job(request, uid)
    mode = ImportMode.VALID if request.POST.get("mode") == ImportMode.VALID else ImportMode.ALL
    try:
        confirm_import(job=job, mode=mode)
    except NotReadyError:
        messages.error(request, _("This file cannot be written so: look at its report."))
    return redirect("directory_animation:import", uid=job.uid)


@require_POST
@login_required
def import_drop(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give an import up."""
    job = _own_job(request, uid)
    try:
        drop_import(job=job)
        messages.success(request, _("The import is given up: nothing was written."))
    except NotReadyError:
        messages.error(request, _("This import is being written already."))
    return redirect("directory_animation:imports")


@require_safe
@login_required
def import_report(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Serve the report, line by line, as a file for a spreadsheet."""
    job = _own_job(request, uid)
    return csv_response("rapport.csv", TITLES, report_rows(job))


@require_safe
@login_required
def template(request: HttpRequest) -> HttpResponse:
    """Serve an empty file with the titles of the columns."""
    cast("User", require_animator(request))
    return csv_response("structures.csv", [column.name for column in IMPORTED], [])
