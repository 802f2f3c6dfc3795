"""What animators do in the directory: claims, corrections, possible duplicates."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory.claims.forms import RefusalForm
from directory.claims.services import (
    AlreadyDecidedError,
    NotAMemberError,
    approve_claim,
    is_own_domain,
    refuse_claim,
)
from directory.models import ClaimRequest, Correction
from directory.notification_kinds import claim_group
from portal.accounts.models import User
from portal.accounts.rules import is_animator
from portal.core.dates import format_day
from portal.notifications.services import mark_seen

PER_PAGE = 20


def require_animator(request: HttpRequest) -> User:
    """Return the animator who reads; raises PermissionDenied for anybody else."""
    if not is_animator(request.user):
        raise PermissionDenied
    return cast("User", request.user)


@require_safe
@login_required
def claims(request: HttpRequest) -> HttpResponse:
    """List the claims that wait in the animator's regions, the oldest first, then the latest decisions."""
    user = require_animator(request)
    own = ClaimRequest.objects.visible_to(user).select_related("organisation", "user", "region")
    page = Paginator(own.awaiting(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [{"claim": claim, "facts": _facts(claim)} for claim in page.object_list],
        "decided": own.exclude(decided_at=None).order_by("-decided_at", "-pk")[:10],
    }
    return render(request, "directory/animation/claim_list.html", context)


def _facts(claim: ClaimRequest) -> list[dict[str, Any]]:
    facts = [
        (_("Asked by"), str(claim.user)),
        (_("On"), format_day(timezone.localdate(claim.created_at))),
        (_("Region"), str(claim.region or _("National: administrators decide"))),
        (_("Professional address"), claim.work_email),
        (_("Its proof"), _address_proof(claim)),
        (_("Document"), claim.proof_name if claim.proof else ""),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]


def _address_proof(claim: ClaimRequest) -> str:
    if not claim.work_email:
        return ""
    confirmed = _("confirmed by its owner") if claim.email_confirmed_at else _("not confirmed yet")
    domain = _("same domain as the website") if is_own_domain(claim) else _("another domain than the website’s")
    return f"{confirmed}, {domain}"


def _claim(request: HttpRequest, uid: UUID) -> ClaimRequest:
    user = require_animator(request)
    visible = ClaimRequest.objects.visible_to(user).select_related("organisation", "user", "region", "decided_by")
    return get_object_or_404(visible, uid=uid)


@require_safe
@login_required
def claim_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one claim, what proves it, and the two decisions."""
    claim = _claim(request, uid)
    mark_seen(user=cast("User", request.user), group=claim_group(claim))
    return _claim_page(request, claim, RefusalForm())


def _claim_page(request: HttpRequest, claim: ClaimRequest, form: RefusalForm, status: int = 200) -> HttpResponse:
    context = {"claim": claim, "facts": _facts(claim), "refusal": form}
    return render(request, "directory/animation/claim_detail.html", context, status=status)


@require_safe
@login_required
def claim_proof(request: HttpRequest, uid: UUID) -> FileResponse:
    """Serve the document of a claim as a file to save, to those who decide on it."""
    claim = _claim(request, uid)
    if not claim.proof:
        raise Http404
    try:
        document = claim.proof.open()
    except FileNotFoundError as error:
        # Deleted meanwhile, by a decision or from the disk.
        raise Http404 from error
    response = FileResponse(document, as_attachment=True, filename=claim.proof_name)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@login_required
def approve(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Accept a claim."""
    claim = _claim(request, uid)
    try:
        approve_claim(claim=claim, by=cast("User", request.user))
    except AlreadyDecidedError:
        messages.error(request, _("This request has been refused meanwhile."))
    except NotAMemberError:
        messages.error(request, _("This person is no longer a member: refuse the request, or readmit them first."))
        return redirect("directory_animation:claim", uid=claim.uid)
    else:
        words = {"name": claim.user, "organisation": claim.organisation.name}
        messages.success(request, _("%(name)s now manages %(organisation)s.") % words)
    return redirect("directory_animation:claims")


@require_http_methods(["POST"])
@login_required
def refuse(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Refuse a claim, with a reason."""
    claim = _claim(request, uid)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _claim_page(request, claim, form, status=422)
    try:
        refuse_claim(claim=claim, by=cast("User", request.user), reason=form.cleaned_data["reason"])
    except AlreadyDecidedError:
        messages.error(request, _("This request has been accepted meanwhile."))
    else:
        messages.success(request, _("The request is refused; the person is told why."))
    return redirect("directory_animation:claims")


@require_safe
@login_required
def corrections(request: HttpRequest) -> HttpResponse:
    """List the corrections that wait in the animator's regions."""
    user = require_animator(request)
    waiting = Correction.objects.visible_to(user).open().select_related("organisation", "author")
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "directory/animation/correction_list.html", {"page": page})
