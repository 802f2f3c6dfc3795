"""The report of a call, on the screen and as files."""

from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts.rules import is_animator, is_member
from portal.core.money import format_decimal
from portal.core.page_cache import cached_for_visitors
from portal.core.tables import table_response
from project_sheets.models import Call
from project_sheets.reports.figures import LEAST, IndicatorLine
from project_sheets.reports.selectors import call_by_slug, report_of, sheets_named
from project_sheets.reports.tables import ReportView

PAGE_SIZE = 30


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
        "has_projects": bool(view.report.total.projects.value),
        "told_count": view.told_count,
    }
    return render(request, "project_sheets/reports/call_report.html", context)


@require_safe
@cached_for_visitors("sheets", "taxonomy", "directory")
def indicator_report(request: HttpRequest, slug: str, indicator: str) -> HttpResponse:
    """List the sheets of a call that measure an indicator; to members, with what each says of it."""
    call = _call_or_404(slug)
    told = _view_of(request, call).indicator(indicator)
    if told is None:
        raise Http404
    line, figures = told
    page = Paginator(list(line.said), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "call": call,
        "line": line,
        "figures": figures,
        "page": page,
        "rows": _rows_of(line, page.object_list, with_values=is_member(request.user)),
        "shows_values": is_member(request.user),
    }
    return render(request, "project_sheets/reports/indicator_report.html", context)


def _rows_of(line: IndicatorLine, keys: list[int], *, with_values: bool) -> list[dict[str, Any]]:
    rows = []
    for sheet in sheets_named(keys):
        said = line.said[sheet.pk]
        facts = [(_("Project holder"), sheet.holder.name if sheet.holder else "–")]
        if with_values:
            facts += [(_("Target"), _measure(said.target, line)), (_("Achieved"), _measure(said.achieved, line))]
        shown = [{"label": label, "value": value} for label, value in facts]
        rows.append({"title": sheet.title, "url": sheet.public_path, "facts": shown})
    return rows


def _measure(value: Decimal | None, line: IndicatorLine) -> str:
    return "–" if value is None else f"{format_decimal(value)} {line.unit}"


@require_safe
def call_report_file(request: HttpRequest, slug: str, extension: str) -> HttpResponse:
    """Give the same figures as a CSV or XLSX file."""
    call = _call_or_404(slug)
    return table_response(_view_of(request, call).as_file(), name=f"bilan-{call.slug}"[:60], extension=extension)
