"""The report of a call, on the screen and as files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.accounts.rules import is_animator
from portal.core.page_cache import cached_for_visitors
from portal.core.tables import table_response
from project_sheets.models import Call
from project_sheets.reports.figures import LEAST
from project_sheets.reports.selectors import call_by_slug, report_of
from project_sheets.reports.tables import ReportView


def _call_or_404(slug: str) -> Call:
    call = call_by_slug(slug)
    if call is None:
        raise Http404
    return call


def _view_of(request: HttpRequest, call: Call) -> ReportView:
    return ReportView(report_of(call.pk, call.slug), sees_all=is_animator(request.user))


@require_safe
@cached_for_visitors("sheets", "taxonomy", "directory")
def call_report(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a call has financed, reached and achieved, as far as this reader may know it."""
    call = _call_or_404(slug)
    view = _view_of(request, call)
    context = {
        "call": call,
        "tables": view.tables,
        "sees_all": view.sees_all,
        "least": LEAST,
        "today": timezone.localdate(),
        "count": view.report.total.projects.contributors,
    }
    return render(request, "project_sheets/reports/call_report.html", context)


@require_safe
def call_report_file(request: HttpRequest, slug: str, extension: str) -> HttpResponse:
    """Give the same figures as a CSV or XLSX file."""
    call = _call_or_404(slug)
    return table_response(_view_of(request, call).as_file(), name=f"bilan-{call.slug}"[:60], extension=extension)
