"""Pages of "My data"."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.data_rights import selectors, services
from portal.accounts.data_rights.forms import ProofForm
from portal.accounts.data_rights.inactivity import FIRST_WARNING, SECOND_WARNING
from portal.accounts.data_rights.models import DataExport, ErasureRequest
from portal.accounts.data_rights.tasks import make_export
from portal.accounts.models import User
from portal.accounts.throttle import MAIL, PASSWORD, begin_attempt, may_try
from portal.accounts.tokens import LinkKind, claim_link, make_link_token, read_link_token
from portal.core.addresses import absolute_of
from portal.core.dates import format_day
from portal.mail.services import queue_mail

LEAVE = LinkKind("leave", 60 * 60)


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
    """Have a copy made in the background."""
    with transaction.atomic():
        export = services.request_export(user=_user(request))
        if export is not None:
            make_export.enqueue(export.pk)
    messages.success(request, _("Your copy is being made. We write to you as soon as it is ready."))
    return redirect("data_rights:overview")


@require_safe
@login_required
def download_export(request: HttpRequest, uid: UUID) -> FileResponse:
    """Give an export to its owner; for anybody else, and after its time, it does not exist."""
    export = get_object_or_404(DataExport.objects.ready_for(request.user), uid=uid)
    try:
        opened = export.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"mes-donnees-{timezone.localdate(export.asked_at):%Y-%m-%d}.zip"
    response = FileResponse(opened, as_attachment=True, filename=name, content_type="application/zip")
    patch_cache_control(response, private=True, no_store=True)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def leave(request: HttpRequest) -> HttpResponse:
    """Explain what leaving means, and plan it once the password has proven who asks."""
    user = _user(request)
    if selectors.erasure_of(user):
        return redirect("data_rights:overview")
    form = ProofForm(request.POST if request.method == "POST" else None, user=user)
    if request.method != "POST" or selectors.obstacles_of(user):
        return _leave_page(request, form, status=409 if request.method == "POST" else 200)
    attempt = begin_attempt(request, PASSWORD, user.email)
    if attempt is None:
        form.add_error(None, _("Too many attempts. Please try again in a quarter of an hour."))
        return _leave_page(request, form, status=429)
    if not user.has_usable_password() or not form.is_valid():
        return _leave_page(request, form, status=422)
    attempt.forget()
    return _plan(request, user)


def _leave_page(request: HttpRequest, form: ProofForm, status: int = 200) -> HttpResponse:
    user = _user(request)
    context = {
        "form": form,
        "obstacles": selectors.obstacles_of(user),
        "has_password": user.has_usable_password(),
        "days": ErasureRequest.DELAY.days,
    }
    return render(request, "data_rights/leave.html", context, status=status)


def _plan(request: HttpRequest, user: User) -> HttpResponse:
    try:
        planned = services.request_erasure(user=user)
    except services.CannotLeaveError:
        return _leave_page(request, ProofForm(user=user), status=409)
    day = format_day(timezone.localdate(planned.due_at))
    messages.success(request, _("Your account will be deleted on %(day)s. Until then you can keep it.") % {"day": day})
    return redirect("data_rights:overview")


@require_POST
@login_required
def ask_leave_link(request: HttpRequest) -> HttpResponse:
    """Mail a link that proves who asks, for whoever has no password or does not remember it."""
    user = _user(request)
    if not may_try(request, MAIL, user.email):
        messages.error(request, _("You have asked for several links. Please try again in an hour."))
        return redirect("data_rights:leave")
    token = make_link_token(LEAVE, user)
    queue_mail(
        "data_rights.confirm_erasure",
        to=user.email,
        key=f"confirm-erasure:{token[-60:]}",
        url=absolute_of("data_rights:confirm_leave", token),
    )
    messages.success(request, _("We have sent you a link. It works for one hour."))
    return redirect("data_rights:leave")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def confirm_leave(request: HttpRequest, token: str) -> HttpResponse:
    """Plan the departure of whoever opened their own link; opening alone changes nothing."""
    user, opened = _user(request), read_link_token(LEAVE, token)
    if opened is None or opened.user.pk != user.pk:
        messages.error(request, _("This link is not valid any more. Ask for another one."))
        return redirect("data_rights:leave")
    if request.method != "POST":
        return render(request, "data_rights/confirm_leave.html", {"days": ErasureRequest.DELAY.days})
    if not claim_link(opened.user):
        messages.error(request, _("This link is not valid any more. Ask for another one."))
        return redirect("data_rights:leave")
    return _plan(request, user)


@require_POST
@login_required
def stay(request: HttpRequest) -> HttpResponse:
    """Keep the account."""
    services.cancel_erasure(user=_user(request))
    messages.success(request, _("Your account stays. Nothing has been deleted."))
    return redirect("data_rights:overview")
