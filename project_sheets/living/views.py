"""Public pages of the living sheet: confirm by link, propose a correction."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts.models import User
from portal.core.dates import format_day
from portal.core.throttle import client_address, take_turn
from project_sheets.living import services
from project_sheets.living.forms import CorrectionForm
from project_sheets.living.selectors import fresh_since, lead_named
from project_sheets.living.tokens import is_answered, read_confirmation_token
from project_sheets.models import ProjectSheetPage
from project_sheets.selectors import sheet_at

CORRECTIONS_AN_HOUR = 5
READ_OR_POST = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(READ_OR_POST)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a link confirms, and confirm it by POST alone: mail scanners open links."""
    read = read_confirmation_token(token)
    user = lead_named(read.sheet_id, read.user_id) if read else None
    sheet = ProjectSheetPage.objects.live().filter(pk=read.sheet_id).first() if read and user else None
    if read is None or sheet is None or user is None:
        return render(request, "project_sheets/living/link_dead.html", status=404)
    context = {
        "sheet": sheet,
        "since": format_day(fresh_since(sheet)),
        "update_url": reverse("sheet_editing:overview", args=[sheet.uid]),
        "is_answered": is_answered(read, sheet),
        "is_done": request.method == "POST",
    }
    if request.method == "POST" and not context["is_answered"]:
        services.confirm_sheet(sheet=sheet, by=user)
    return render(request, "project_sheets/living/confirm.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def correction(request: HttpRequest, region_slug: str, slug: str) -> HttpResponse:
    """Let any reader propose a correction of a published sheet."""
    shown = sheet_at(request.user, region_slug, slug)
    if shown is None or not shown.live:
        raise Http404
    signed_in = request.user.is_authenticated
    form = CorrectionForm(request.POST if request.method == "POST" else None, is_signed_in=signed_in)
    context = {"sheet": shown, "form": form}
    template = "project_sheets/living/correction.html"
    if request.method != "POST" or not form.is_valid():
        return render(request, template, context, status=422 if form.is_bound else 200)
    who = str(request.user.pk) if signed_in else client_address(request)
    if not take_turn("sheet-corrections", who, limit=CORRECTIONS_AN_HOUR, seconds=3_600):
        form.add_error(None, _("Several corrections have come from you within the hour. Try again a little later."))
        return render(request, template, context, status=429)
    services.propose_correction(
        sheet=ProjectSheetPage.objects.get(pk=shown.pk),
        text=form.cleaned_data["text"],
        part=form.cleaned_data["part"],
        author=cast("User", request.user) if signed_in else None,
        email=form.cleaned_data.get("email", ""),
    )
    messages.success(request, _("Thank you. The people who look after this sheet have been told."))
    return redirect(shown.url)
