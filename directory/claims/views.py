"""Claiming an organisation and correcting its page, from the page itself and from one's space."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from directory import selectors
from directory.claims import services
from directory.claims.forms import ClaimForm, CorrectionForm
from directory.enums import CorrectionState
from directory.models import ClaimRequest, Correction, Organisation
from directory.tokens import read_work_address_token
from portal.accounts.models import User
from portal.accounts.rules import is_member
from portal.core.throttle import client_network, take_turn

READ_OR_POST = ["GET", "HEAD", "POST"]
#: Corrections that one machine sends in an hour.
CORRECTIONS, HOUR = 5, 3_600
#: Claims that one account sends in a day: each mails the animators, and an address that anybody may type.
CLAIMS, DAY = 5, 86_400


def shown_organisation(request: HttpRequest, slug: str) -> Organisation:
    """Return the organisation of an address, for whoever may see it."""
    visible = Organisation.objects.visible_to(request.user).select_related("kind", "seat")
    return get_object_or_404(visible, slug=slug)


@require_http_methods(READ_OR_POST)
@login_required
def claim(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form by which a member claims an organisation, or what stands in the way, and take it."""
    organisation = shown_organisation(request, slug)
    if not is_member(request.user):
        raise PermissionDenied(_("Your account awaits approval: you can claim an organisation after it."))
    user = cast("User", request.user)
    waiting = ClaimRequest.objects.awaiting().filter(organisation=organisation, user=user).first()
    context: dict[str, Any] = {"organisation": organisation, "waiting": waiting}
    if waiting is not None or selectors.has_manager(organisation):
        return render(request, "directory/claim_closed.html", context)
    if request.method != "POST":
        return render(request, "directory/claim_form.html", {**context, "form": ClaimForm()})
    form = ClaimForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "directory/claim_form.html", {**context, "form": form}, status=422)
    if not take_turn("claim", str(user.pk), limit=CLAIMS, seconds=DAY):
        form.add_error(None, _("You have asked to manage several organisations today: please go on tomorrow."))
        return render(request, "directory/claim_form.html", {**context, "form": form}, status=429)
    try:
        services.submit_claim(organisation=organisation, user=user, given=form.data_given)
    except services.AlreadyManagedError:
        return render(request, "directory/claim_closed.html", context)
    messages.success(request, _("Your request has reached the team: the answer comes by mail."))
    return redirect("directory:claim", slug=organisation.slug)


@require_http_methods(READ_OR_POST)
@never_cache
def claim_address(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm the professional address of a claim; opening the link alone does nothing, since machines do so too."""
    uid = read_work_address_token(token)
    found = ClaimRequest.objects.filter(uid=uid).select_related("organisation").first() if uid else None
    if found is None:
        return render(request, "directory/link_dead.html", status=410)
    if request.method == "POST":
        services.confirm_work_address(claim=found)
        found.refresh_from_db()
    return render(request, "directory/claim_address.html", {"claim": found})


@require_http_methods(READ_OR_POST)
@never_cache
def correct(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form by which any reader suggests a correction, and take it."""
    organisation = shown_organisation(request, slug)
    if request.method != "POST":
        return _correction_page(request, organisation, CorrectionForm())
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _correction_page(request, organisation, form, status=422)
    if not form.is_from_robot:
        if not take_turn("correction", client_network(request), limit=CORRECTIONS, seconds=HOUR):
            form.add_error(None, _("You have sent several messages within the hour: please try again later."))
            return _correction_page(request, organisation, form, status=429)
        author = cast("User", request.user) if request.user.is_authenticated else None
        services.suggest_correction(organisation=organisation, message=form.cleaned_data["message"], author=author)
    return redirect("directory:correction_done", slug=organisation.slug)


def _correction_page(
    request: HttpRequest, organisation: Organisation, form: CorrectionForm, status: int = 200
) -> HttpResponse:
    context = {"organisation": organisation, "form": form}
    return render(request, "directory/correction_form.html", context, status=status)


@require_http_methods(["GET", "HEAD"])
def correction_done(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that the correction has arrived and who reads it."""
    organisation = shown_organisation(request, slug)
    context = {"organisation": organisation, "is_managed": selectors.has_manager(organisation)}
    return render(request, "directory/correction_done.html", context)


@require_POST
@login_required
def close_correction(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Note what was done about a correction: those who write the page, and the region's animators."""
    correction = get_object_or_404(Correction.objects.select_related("organisation__seat"), uid=uid)
    if not selectors.may_edit(request.user, correction.organisation):
        get_object_or_404(Correction.objects.visible_to(request.user), pk=correction.pk)
    state = CorrectionState.DONE if request.POST.get("etat") == "done" else CorrectionState.DISMISSED
    services.close_correction(correction=correction, state=state, by=cast("User", request.user))
    messages.success(request, _("The correction is closed: %(state)s.") % {"state": state.label})
    if selectors.acts_for(request.user, correction.organisation):
        return redirect("my_directory:organisations")
    return redirect("directory_animation:corrections")
