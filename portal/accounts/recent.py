"""A change of what protects an account wants a recent proof that its owner is here.

The sign-in itself is such a proof for ACCOUNT_REAUTHENTICATION_TIMEOUT seconds; later the person
proves it again. Who has a second factor proves with that one: a password alone must not remove it.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.accounts.second_factor import has_second_factor


def has_proven_second_factor(request: HttpRequest) -> bool:
    """Whether this session has passed a second factor, at any time."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def has_proven_recently(request: HttpRequest) -> bool:
    """Whether the person has proven who they are a moment ago, by their strongest means."""
    earliest = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    records = [record for record in get_authentication_records(request, request.user) if record["at"] > earliest]
    if has_second_factor(request.user):
        records = [record for record in records if record["method"] == "mfa"]
    return bool(records)


def recent_proof_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Lead a signed-in person to the verification first, and back to this page after; what was posted is not kept."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if has_proven_recently(request):
            return view(request, *args, **kwargs)
        return to_verification(request)

    return login_required(checked)


def to_verification(request: HttpRequest, *, back: str = "") -> HttpResponse:
    """Redirect to the verification, which leads back here, or to the page named ``back`` where the button stands.

    What was posted is not kept: ``back`` is for addresses that answer to POST alone, whose button is pressed again.
    """
    if back:
        messages.info(request, _("Prove that it is you, then press the button again."))
    going = reverse(back) if back else request.get_full_path()
    return redirect(f"{reverse('accounts:verification')}?{urlencode({'next': going})}")
