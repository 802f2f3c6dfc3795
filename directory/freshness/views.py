"""Answering a reminder: one button, without signing in."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from directory.editing.views import edited_organisation
from directory.freshness.services import confirm_page
from directory.models import Organisation
from directory.presentation import facts_of, reach_of, title_of
from directory.selectors import organisation_details
from directory.tokens import is_answered, read_freshness_token
from portal.accounts.models import User
from portal.core.dates import format_day


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the page to confirm, and confirm it; opening the link alone does nothing, since machines do so too."""
    link = read_freshness_token(token)
    details = organisation_details(cast("User", request.user))
    organisation = details.filter(uid=link.organisation_uid).first() if link else None
    if link is None or organisation is None:
        return render(request, "directory/link_dead.html", status=410)
    if request.method == "POST" and not is_answered(link, organisation):
        confirm_page(organisation=organisation)
        organisation.refresh_from_db()
    context = {
        "organisation": organisation,
        "title": title_of(organisation),
        "facts": [*facts_of(organisation), *reach_of(organisation)],
        "is_answered": is_answered(link, organisation),
        "day": format_day(timezone.localdate(organisation.confirmed_at)),
    }
    return render(request, "directory/confirm_page.html", context)


@require_POST
@login_required
def confirm_own(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm a page from one's space."""
    organisation: Organisation = edited_organisation(request, slug)
    confirm_page(organisation=organisation)
    messages.success(request, _("Thank you: the page of %(name)s counts as up to date.") % {"name": organisation.name})
    return redirect("my_directory:organisations")
