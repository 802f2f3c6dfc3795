"""The overview of "My space"."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.accounts.space import entries_for, panels_for


@require_safe
@login_required
def space(request: HttpRequest) -> HttpResponse:
    """Show what concerns the person, then a card for each entry that says what it holds."""
    entries = [entry for entry in entries_for(request.user) if entry.description]
    return render(request, "accounts/space_overview.html", {"entries": entries, "panels": panels_for(request)})
