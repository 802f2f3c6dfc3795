"""Pages of "My data"."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.data_rights import selectors, services
from portal.accounts.data_rights.inactivity import FIRST_WARNING, SECOND_WARNING
from portal.accounts.data_rights.models import DataExport, ErasureRequest
from portal.accounts.data_rights.tasks import make_export
from portal.accounts.models import User
from portal.accounts.recent import has_proven_recently, recent_proof_required, to_verification
from portal.core.dates import format_day


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Show what the portal holds of the person, their consents, their export and their departure."""
    user = _user(request)
    context = {
        "held": selectors.held_records(user),
        "consents": selectors.consents_of(user),
        "export": selectors.latest_export(user),
        "erasure": selectors.erasure_of(user),
        "obstacles": selectors.obstacles_of(user),
        "export_days": DataExport.LIFETIME.days,
        "first_days": FIRST_WARNING.days,
        "second_days": SECOND_WARNING.days,
    }
    return render(request, "data_rights/overview.html", context)


@require_POST
@login_required
def ask_export(request: HttpRequest) -> HttpResponse:
    """Have a copy made in the background, for whoever has just proven who they are."""
    if not has_proven_recently(request):
        return to_verification(request, back="data_rights:overview")
    with transaction.atomic():
        export = services.request_export(user=_user(request))
        if export is not None:
            make_export.enqueue(export.pk)
    messages.success(request, _("Your copy is being made. We write to you as soon as it is ready."))
    return redirect("data_rights:overview")


@require_safe
@login_required
def download_export(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Give an export to its owner, who proves it; for anybody else, and after its time, it does not exist."""
    export = get_object_or_404(DataExport.objects.ready_for(request.user), uid=uid)
    if not has_proven_recently(request):
        return to_verification(request, back="data_rights:overview")
    try:
        opened = export.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"mes-donnees-{timezone.localdate(export.asked_at):%Y-%m-%d}.zip"
    response = FileResponse(opened, as_attachment=True, filename=name, content_type="application/zip")
    patch_cache_control(response, private=True, no_store=True)
    return response


@recent_proof_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Explain what leaving means, and plan it by POST, for whoever has just proven who they are."""
    user = _user(request)
    if selectors.erasure_of(user):
        return redirect("data_rights:overview")
    if request.method != "POST":
        return _leave_page(request)
    try:
        planned = services.request_erasure(user=user)
    except services.CannotLeaveError:
        return _leave_page(request, status=409)
    day = format_day(timezone.localdate(planned.due_at))
    messages.success(request, _("Your account will be deleted on %(day)s. Until then you can keep it.") % {"day": day})
    return redirect("data_rights:overview")


def _leave_page(request: HttpRequest, status: int = 200) -> HttpResponse:
    context = {"obstacles": selectors.obstacles_of(_user(request)), "days": ErasureRequest.DELAY.days}
    return render(request, "data_rights/leave.html", context, status=status)


@require_POST
@login_required
def stay(request: HttpRequest) -> HttpResponse:
    """Keep the account."""
    services.cancel_erasure(user=_user(request))
    messages.success(request, _("Your account stays. Nothing has been deleted."))
    return redirect("data_rights:overview")
