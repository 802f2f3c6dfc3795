"""The first steps of a member."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from portal.accounts.rules import is_member
from portal.joining.models import DismissedSteps
from portal.joining.services.first_steps import set_steps_dismissed
from portal.joining.steps import progress_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def first_steps(request: HttpRequest) -> HttpResponse:
    """Show the steps, or put them away from the home page, or back on it."""
    if not is_member(request.user):
        raise PermissionDenied
    if request.method == "POST":
        is_dismissed = request.POST.get("action") == "dismiss"
        set_steps_dismissed(user=request.user, is_dismissed=is_dismissed)  # type: ignore[arg-type]
        return redirect("/" if request.POST.get("from") == "home" else "joining:first_steps")
    context = {
        "progress": progress_of(request.user),  # type: ignore[arg-type]
        "is_dismissed": DismissedSteps.objects.filter(user=request.user).exists(),  # type: ignore[misc]
    }
    return render(request, "joining/first_steps.html", context)
