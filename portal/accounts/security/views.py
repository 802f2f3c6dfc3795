"""Pages of "Security": proof of identity, password, connected devices, address."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.notices import device_of, end_sessions
from portal.accounts.passkeys import PasskeyProofForm
from portal.accounts.recent import has_proven_recently, recent_proof_required
from portal.accounts.second_factor import has_second_factor, must_have_second_factor
from portal.accounts.security.forms import NewAddressForm, PasswordProofForm
from portal.accounts.security.selectors import devices_of, factors_of, open_email_change
from portal.accounts.security.services import (
    OLD,
    agree_to_email_change,
    ask_email_change,
    cancel_email_changes,
    read_agreement,
)
from portal.accounts.sign_in.forms import CodeForm, NewPasswordForm
from portal.accounts.sign_in.services import set_new_password
from portal.accounts.tasks import ask_sign_in_link
from portal.accounts.throttle import MAIL, PASSWORD, begin_attempt, may_try

READ_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
@login_required
def security(request: HttpRequest) -> HttpResponse:
    """Show what protects the account, each with its action."""
    context = {
        **factors_of(request.user),
        "devices": devices_of(request.user, current_key=request.session.session_key or ""),
        "change": open_email_change(request.user),
        "must_have_second_factor": must_have_second_factor(request.user),
    }
    return render(request, "accounts/security.html", context)


@never_cache
@login_required
@sensitive_post_parameters("password")
@require_http_methods(READ_OR_POST)
def verification(request: HttpRequest) -> HttpResponse:
    """Have a signed-in person prove who they are: second factor, else password or a link by mail."""
    going = get_next_redirect_url(request) or reverse("accounts:security")
    if has_proven_recently(request):
        return redirect(going)
    if has_second_factor(request.user):
        return _verification_by_factor(request, going)
    if request.user.has_usable_password() and "link" not in request.POST:
        return _verification_by_password(request, going)
    return _verification_by_link(request, going)


def _verification_by_factor(request: HttpRequest, going: str) -> HttpResponse:
    user = request.user
    form, posted = CodeForm(user=user), None
    if request.method == "POST" and "code" in request.POST:
        form = posted = CodeForm(request.POST, user=user)
    elif request.method == "POST":
        posted = PasskeyProofForm(request.POST, user=user)
    if posted is not None and posted.is_valid():
        posted.save()
        return redirect(going)
    if posted is not None and posted is not form:
        messages.error(request, _("This passkey is not one of this account."))
    context = {"form": form, "next": going, "has_passkey": bool(webauthn.get_credentials(user))}
    context["passkey_options"] = webauthn.begin_authentication(user) if context["has_passkey"] else None
    return render(request, "accounts/verification.html", context, status=422 if posted else 200)


def _verification_by_password(request: HttpRequest, going: str) -> HttpResponse:
    form = PasswordProofForm(user=request.user)
    if request.method == "POST":
        attempt = begin_attempt(request, PASSWORD, request.user.email)
        form = PasswordProofForm(request.POST, user=request.user, attempt=attempt)
        if form.is_valid():
            record_authentication(request, request.user, "password", reauthenticated=True)
            return redirect(going)
    context = {"form": form, "next": going}
    return render(request, "accounts/verification.html", context, status=422 if form.is_bound else 200)


def _verification_by_link(request: HttpRequest, going: str) -> HttpResponse:
    if request.method == "POST" and may_try(request, MAIL, request.user.email):
        ask_sign_in_link(request.user.email, going)
        return redirect("accounts:link_sent")
    if request.method == "POST":
        messages.error(request, _("Too many requests: look into your mailbox, or wait an hour."))
    return render(request, "accounts/verification.html", {"next": going, "by_link": True})


@never_cache
@recent_proof_required
@sensitive_post_parameters("password")
@require_http_methods(READ_OR_POST)
def password_change(request: HttpRequest) -> HttpResponse:
    """Choose a password; the other sessions end with the old one."""
    user = request.user
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=user)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "accounts/password_change.html", {"form": form}, status=status)
    key = request.session.session_key or ""
    set_new_password(user=user, password=form.cleaned_data["password"], device=device_of(request), kept_session=key)
    update_session_auth_hash(request, user)
    UserSession.objects.filter(session_key=key).update(session_key=request.session.session_key)
    messages.success(request, _("Your password is changed; your other devices are signed out."))
    return redirect("accounts:security")


@never_cache
@login_required
@require_http_methods(READ_OR_POST)
def devices(request: HttpRequest) -> HttpResponse:
    """List the open sessions; by POST, end one of them or all others."""
    key = request.session.session_key or ""
    if request.method != "POST":
        return render(request, "accounts/devices.html", {"devices": devices_of(request.user, current_key=key)})
    if "others" in request.POST:
        ended = end_sessions(request.user, but=key)
        text = ngettext("%(count)d device is signed out.", "%(count)d devices are signed out.", ended)
        messages.success(request, text % {"count": ended})
        return redirect("accounts:devices")
    asked = request.POST.get("session", "")
    others = UserSession.objects.filter(user=request.user).exclude(session_key=key)
    get_object_or_404(others, pk=asked if asked.isdecimal() and len(asked) < 19 else 0).end()
    messages.success(request, _("This device is signed out."))
    return redirect("accounts:devices")


@never_cache
@recent_proof_required
@require_http_methods(READ_OR_POST)
def address_change(request: HttpRequest) -> HttpResponse:
    """Ask for another address: both mailboxes must agree."""
    change = open_email_change(request.user)
    form = NewAddressForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        if may_try(request, MAIL, request.user.email):
            ask_email_change(user=request.user, new_email=form.cleaned_data["email"])
            messages.success(request, _("We have written to both addresses: open both messages within 24 hours."))
            return redirect("accounts:address_change")
        form.add_error(None, _("Too many requests: look into your mailboxes, or wait an hour."))
    status = 422 if form.is_bound else 200
    return render(request, "accounts/address_change.html", {"form": form, "change": change}, status=status)


@require_POST
@login_required
def address_cancel(request: HttpRequest) -> HttpResponse:
    """Withdraw one's own wish to change the address."""
    cancel_email_changes(user=request.user)
    messages.success(request, _("Your address stays as it is."))
    return redirect("accounts:security")


@never_cache
@require_http_methods(READ_OR_POST)
def address_agreement(request: HttpRequest, token: str) -> HttpResponse:
    """Let the owner of a mailbox agree to a change of address, or refuse it; no sign-in is needed."""
    read = read_agreement(token)
    if read is None:
        return render(request, "accounts/address_dead.html", status=404)
    change, side = read
    if request.method != "POST":
        return render(request, "accounts/address_agreement.html", {"change": change, "is_old": side == OLD})
    if request.POST.get("answer") == "refuse":
        cancel_email_changes(user=change.user)
        change.status = change.Status.CANCELLED
    else:
        change = agree_to_email_change(change=change, side=side)
    return render(request, "accounts/address_answered.html", {"change": change})
