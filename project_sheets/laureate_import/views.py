"""Importing the laureates of a call: the file, the report, the result."""

from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.models import User
from portal.accounts.rules import is_animator
from portal.core.tables import Table, table_response
from project_sheets.laureate_import.checking import CREATE, KNOWN, WRONG, Checker
from project_sheets.laureate_import.forms import ConfirmForm, LaureateFileForm
from project_sheets.laureate_import.reading import COLUMNS, REQUIRED
from project_sheets.laureate_import.services import AT_ONCE, WrongLinesError, prepare_import, run_import, start_import
from project_sheets.laureate_import.tasks import run_laureate_import
from project_sheets.models import LaureateImport


def _animator_of(request: HttpRequest) -> User:
    if not is_animator(request.user):
        raise PermissionDenied
    return request.user  # type: ignore[return-value]


def _job_or_404(request: HttpRequest, uid: str) -> LaureateImport:
    """Return an import of the reader's own: nobody sees or runs another's."""
    own = LaureateImport.objects.select_related("call", "owner").filter(owner=_animator_of(request))
    return get_object_or_404(own, uid=uid)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Ask for the file of a call's laureates, and read it."""
    user = _animator_of(request)
    form = LaureateFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        job = prepare_import(call=form.cleaned_data["call"], owner=user, file_name=upload.name, lines=form.lines)
        return redirect(job)
    context = {
        "form": form,
        "columns": [{"name": name, "is_required": name in REQUIRED} for name in COLUMNS],
        "imports": LaureateImport.objects.filter(owner=user).select_related("call")[:5],
    }
    return render(request, "project_sheets/laureate_import/upload.html", context)


@require_safe
@never_cache
@login_required
def model_file(request: HttpRequest) -> HttpResponse:
    """Give an empty file with the right titles."""
    _animator_of(request)
    return table_response(Table(list(COLUMNS), []), name="modele-laureats", extension="csv")


@require_safe
@never_cache
@login_required
def report(request: HttpRequest, uid: str) -> HttpResponse:
    """Show what each line would do, how far the import is, or what came of it."""
    job = _job_or_404(request, uid)
    lines = Checker(call=job.call, user=job.owner).check(job.lines) if job.state == job.State.PREPARED else []
    counts = Counter(line.outcome for line in lines)
    context = {
        "job": job,
        "lines": lines,
        "to_create": counts[CREATE],
        "known": counts[KNOWN],
        "wrong": counts[WRONG],
        "form": ConfirmForm(),
        "progress": job.done * 100 // max(len(job.lines), 1),
    }
    return render(request, "project_sheets/laureate_import/report.html", context)


@require_POST
@login_required
def run(request: HttpRequest, uid: str) -> HttpResponse:
    """Import the lines: at once while they are few, by a worker beyond."""
    job = _job_or_404(request, uid)
    form = ConfirmForm(request.POST)
    if not form.is_valid() or not start_import(job=job):
        return redirect(job)
    all_or_nothing = form.cleaned_data["mode"] == ConfirmForm.ALL
    if len(job.lines) > AT_ONCE:
        run_laureate_import.enqueue(job.pk, all_or_nothing)
        return redirect(job)
    try:
        created = run_import(job=job, all_or_nothing=all_or_nothing)
    except WrongLinesError:
        messages.error(request, _("Nothing was created: at least one line is wrong."))
        return redirect(job)
    sentence = ngettext("%(count)s draft sheet is created.", "%(count)s draft sheets are created.", created)
    messages.success(request, sentence % {"count": created})
    return redirect(job)
