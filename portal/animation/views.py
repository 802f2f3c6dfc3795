"""The animators' dashboard."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.accounts.dashboard import panels_for
from portal.accounts.models import User
from portal.accounts.rules import is_animator
from portal.core.tables import Table, table_response


def _animator_of(request: HttpRequest) -> User:
    if not is_animator(request.user):
        raise PermissionDenied
    return request.user  # type: ignore[return-value]


@require_safe
@never_cache
@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show the figures of the animator's regions, each leading to its list."""
    context = {"panels": panels_for(_animator_of(request)), "today": timezone.localdate()}
    return render(request, "animation/dashboard.html", context)


@require_safe
@never_cache
@login_required
def dashboard_file(request: HttpRequest, extension: str) -> HttpResponse:
    """Give the same figures as a CSV or XLSX file."""
    panels = panels_for(_animator_of(request))
    rows = [[panel.title, figure.label, figure.value, figure.note] for panel in panels for figure in panel.figures]
    table = Table([_("Panel"), _("Figure"), _("Value"), _("Note")], rows)
    return table_response(table, name=f"tableau-de-bord-{timezone.localdate():%Y-%m-%d}", extension=extension)
