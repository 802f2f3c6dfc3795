"""Signing in with ProConnect, joining with it, and the domains that animators trust."""

from uuid import uuid4

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from requests import RequestException

from portal.accounts.recent import has_proven_recently, to_verification
from portal.accounts.rules import is_animator
from portal.joining.views.signing_in import sign_in_newcomer
from portal.proconnect.forms import NewcomerForm, TrustedDomainForm
from portal.proconnect.models import TrustedDomain
from portal.proconnect.newcomers import Newcomer, forget_newcomer, newcomer_of
from portal.proconnect.notices import tell_owner
from portal.proconnect.oidc import PROVIDER_ID, CallbackView, ProConnectAdapter, is_sign_out_of
from portal.proconnect.selectors import is_open
from portal.proconnect.services import (
    AddressTakenError,
    distrust_domain,
    join_with_identity,
    trust_domain,
    unlink_identity,
)

READ_OR_POST = ["GET", "HEAD", "POST"]


def _check_open() -> None:
    if not is_open():
        raise Http404


@never_cache
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Send the browser to ProConnect: to sign in, or to link an identity to the account that is signed in."""
    _check_open()
    process = AuthProcess.LOGIN
    if request.user.is_authenticated:
        if not has_proven_recently(request):
            return to_verification(request, back="accounts:security")
        process = AuthProcess.CONNECT
    # Of this site, or none: a link to our own sign-in page must not lead to another's.
    going = get_next_redirect_url(request)
    provider = get_adapter(request).get_provider(request, PROVIDER_ID)
    try:
        response: HttpResponse = provider.redirect(request, process, going)
    except RequestException:
        messages.error(request, _("ProConnect does not answer. Try again later, or choose another way in."))
        return redirect("account_login")
    return response


@never_cache
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """Take what ProConnect says."""
    _check_open()
    response: HttpResponse = CallbackView.adapter_view(ProConnectAdapter(request))(request)
    return response


@never_cache
@require_http_methods(READ_OR_POST)
def join(request: HttpRequest) -> HttpResponse:
    """Have somebody whom ProConnect has named complete their request."""
    newcomer = newcomer_of(request)
    if newcomer is None:
        return redirect("joining:register")
    if request.method != "POST":
        return _join_page(request, NewcomerForm(initial={"uid": uuid4()}, newcomer=newcomer), newcomer)
    form = NewcomerForm(request.POST, newcomer=newcomer)
    if not form.is_valid():
        return _join_page(request, form, newcomer, status=422)
    try:
        user = join_with_identity(uid=form.form_uid, newcomer=newcomer, data=form.registration_data)
    except AddressTakenError:
        forget_newcomer(request)
        messages.info(request, _("This address has an account by now: sign in."))
        return redirect("account_login")
    forget_newcomer(request)
    return sign_in_newcomer(request, user, going=reverse("joining:waiting"))


def _join_page(request: HttpRequest, form: NewcomerForm, newcomer: Newcomer, status: int = 200) -> HttpResponse:
    facts = [
        {"label": _("Name"), "value": f"{newcomer.first_name} {newcomer.last_name}"},
        {"label": _("E-mail address"), "value": newcomer.email},
    ]
    return render(request, "proconnect/join.html", {"form": form, "facts": facts}, status=status)


@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Come back from the end of a ProConnect session: the one that this browser asked for, or nothing is said."""
    if is_sign_out_of(request):
        messages.success(request, _("You have signed out of the portal and of ProConnect."))
    return redirect("/")


@require_POST
@login_required
def unlink(request: HttpRequest) -> HttpResponse:
    """Have ProConnect open one's account no longer."""
    if not has_proven_recently(request):
        return to_verification(request, back="accounts:security")
    if unlink_identity(user=request.user):  # type: ignore[arg-type]
        tell_owner(request.user, is_linked=False)  # type: ignore[arg-type]
        messages.success(request, _("ProConnect no longer opens your account: a link by e-mail does."))
    return redirect("accounts:security")


@require_http_methods(READ_OR_POST)
@login_required
def domains(request: HttpRequest) -> HttpResponse:
    """List the trusted domains of one's regions, and add one."""
    _check_open()
    if not is_animator(request.user):
        raise PermissionDenied
    form = TrustedDomainForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        trusted = trust_domain(
            domain=form.cleaned_data["domain"],
            region=form.cleaned_data["region"],
            by=request.user,  # type: ignore[arg-type]
        )
        text = _("Agents whose address ends in @%(domain)s now join without approval.")
        messages.success(request, text % {"domain": trusted.domain})
        return redirect("proconnect:domains")
    found = TrustedDomain.objects.managed_by(request.user).select_related("region", "added_by")
    status = 422 if form.is_bound else 200
    return render(request, "proconnect/domains.html", {"form": form, "domains": found}, status=status)


@require_POST
@login_required
def remove_domain(request: HttpRequest, pk: int) -> HttpResponse:
    """Trust a domain no longer."""
    _check_open()
    if not is_animator(request.user):
        raise PermissionDenied
    trusted = get_object_or_404(TrustedDomain.objects.managed_by(request.user), pk=pk)
    distrust_domain(trusted=trusted, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("@%(domain)s is no longer trusted.") % {"domain": trusted.domain})
    return redirect("proconnect:domains")
