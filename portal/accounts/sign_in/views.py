"""The ways in: password, link by mail, passkey; then the code of a second factor; a forgotten password."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView, LogoutView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.models import User
from portal.accounts.notices import device_of
from portal.accounts.passkeys import PasskeyProofForm, PasskeySignInForm
from portal.accounts.sign_in.forms import AddressForm, CodeForm, NewPasswordForm
from portal.accounts.sign_in.services import set_new_password
from portal.accounts.tasks import ask_new_password_link, ask_sign_in_link
from portal.accounts.throttle import MAIL, PASSKEY, Attempt, begin_attempt, may_try
from portal.accounts.tokens import NEW_PASSWORD, SIGN_IN, claim_link, read_link_token
from portal.accounts.ways import way_out_of

READ_OR_POST = ["GET", "HEAD", "POST"]


class RefusedFormMixin:
    """A form that is refused answers 422, as everywhere in the portal."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again with its errors."""
        return self.render_to_response(self.get_context_data(form=form), status=422)  # type: ignore[attr-defined]


class SignInView(RefusedFormMixin, LoginView):
    """allauth's sign-in page."""

    template_name = "accounts/sign_in.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse the admin plainly to a member without the right, whom Wagtail sends here again and again."""
        wants_admin = request.GET.get("next", "").startswith(reverse("wagtailadmin_home"))
        if wants_admin and request.user.is_authenticated and not request.user.has_perm("wagtailadmin.access_admin"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Carry the page where the person was going along to the other ways in."""
        going = get_next_redirect_url(self.request)
        return super().get_context_data(**kwargs) | {"next_query": f"?{urlencode({'next': going})}" if going else ""}


class SignOutView(LogoutView):
    """allauth's sign-out: asked by GET, done by POST; the session ends where it came from too."""

    template_name = "accounts/sign_out.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out here, then lead to where else the session must end."""
        way_out = way_out_of(request)
        if way_out is None:
            return super().post(request, *args, **kwargs)
        self.logout()
        request.session.update(way_out.remembered)
        return redirect(way_out.url)


class CodeView(RefusedFormMixin, AuthenticateView):
    """The second step of a sign-in: a code, or a passkey."""

    template_name = "accounts/sign_in_code.html"
    form_class = CodeForm
    webauthn_form_class = PasskeyProofForm

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the step again; the form in error is already among its own."""
        return self.render_to_response(self.get_context_data(), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say which of the two ways this account has."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["has_passkey"] = bool(webauthn.get_credentials(self.stage.login.user))
        return context


class PasskeySignInView(LoginWebAuthnView):
    """Sign in by passkey alone: the browser asks for the options by GET and posts what the key signed."""

    form_class = PasskeySignInForm
    attempt: Attempt | None = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the options of a ceremony, for the browser's script."""
        response = JsonResponse({"request_options": webauthn.begin_authentication(user=None)})
        response["Cache-Control"] = "no-store"
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check what the key signed; those that open nothing are counted, for this browser first."""
        self.attempt = begin_attempt(request, PASSKEY, request.session.session_key or "")
        if self.attempt is None:
            messages.error(request, _("Too many attempts: try again in an hour."))
            return redirect("account_login")
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say that the key opens nothing here, and show the other ways in."""
        messages.error(request=self.request, message=_("This passkey does not open an account of the portal."))
        return redirect("account_login")

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in, and go where the person was going."""
        if self.attempt is not None:
            self.attempt.forget()
        authenticator = form.cleaned_data["credential"]
        form.save()
        going = get_next_redirect_url(self.request)
        response = perform_login(self.request, Login(user=authenticator.user, redirect_url=going))
        self.request.session.set_expiry(0)
        return response


@never_cache
@require_http_methods(READ_OR_POST)
def link_request(request: HttpRequest) -> HttpResponse:
    """Ask for a sign-in link by mail; every address gets the same answer after the same work."""
    going = get_next_redirect_url(request) or ""
    if request.method != "POST":
        return render(request, "accounts/link_request.html", {"form": AddressForm(), "next": going})
    form = AddressForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/link_request.html", {"form": form, "next": going}, status=422)
    if not may_try(request, MAIL, form.cleaned_data["email"]):
        return _too_many(request, "accounts/link_request.html", form, next=going)
    ask_sign_in_link(form.cleaned_data["email"], going)
    return redirect("accounts:link_sent")


@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    """Say what comes next, without saying whether the address has an account."""
    return render(request, "accounts/link_sent.html", {"minutes": SIGN_IN.seconds // 60})


def _too_many(request: HttpRequest, template: str, form: AddressForm, **context: Any) -> HttpResponse:
    form.add_error(None, _("Too many requests from here for this address: look into your mailbox, or wait an hour."))
    return render(request, template, {"form": form, **context}, status=429)


def _link_is_dead(request: HttpRequest, *, retry: str) -> HttpResponse:
    return render(request, "accounts/link_dead.html", {"retry_url": reverse(retry)}, status=404)


@never_cache
@require_http_methods(READ_OR_POST)
def link_open(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a sign-in link opens, and sign in by POST alone: a mail scanner that follows it uses nothing up."""
    opened = read_link_token(SIGN_IN, token)
    if opened is None:
        return _link_is_dead(request, retry="accounts:link_request")
    if request.method != "POST":
        return render(request, "accounts/link_open.html", {"account": opened.user})
    if not claim_link(opened.user):
        return _link_is_dead(request, retry="accounts:link_request")
    return _sign_in_by_link(request, opened.user, opened.next_url)


def _sign_in_by_link(request: HttpRequest, user: User, next_url: str) -> HttpResponse:
    if request.user.is_authenticated:
        # Another account's session must not go on behind this one's second step.
        logout(request)
    going = next_url if next_url and get_adapter().is_safe_url(next_url) else None
    record_authentication(request, user, "link")
    response: HttpResponse = perform_login(request, Login(user=user, email=user.email, redirect_url=going))
    request.session.set_expiry(0)
    return response


@never_cache
@require_http_methods(READ_OR_POST)
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for the link by which a new password is chosen; the same answer for every address."""
    template = "accounts/password_forgotten.html"
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, template, {"form": form})
    if not form.is_valid():
        return render(request, template, {"form": form}, status=422)
    if not may_try(request, MAIL, form.cleaned_data["email"]):
        return _too_many(request, template, form)
    ask_new_password_link(form.cleaned_data["email"])
    return redirect("accounts:password_sent")


@require_safe
def password_sent(request: HttpRequest) -> HttpResponse:
    """Say what comes next, without saying whether the address has an account."""
    return render(request, "accounts/link_sent.html", {"minutes": NEW_PASSWORD.seconds // 60})


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(READ_OR_POST)
def new_password(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a new password by the link of a mail, then sign in with it: a second factor is not gone round."""
    opened = read_link_token(NEW_PASSWORD, token)
    if opened is None:
        return _link_is_dead(request, retry="accounts:password_forgotten")
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=opened.user)
    context = {"form": form, "account": opened.user}
    if request.method != "POST":
        return render(request, "accounts/new_password.html", context)
    if not form.is_valid():
        return render(request, "accounts/new_password.html", context, status=422)
    if not claim_link(opened.user):
        return _link_is_dead(request, retry="accounts:password_forgotten")
    set_new_password(user=opened.user, password=form.cleaned_data["password"], device=device_of(request))
    messages.success(request, _("Your password is changed and your other sessions are closed: sign in."))
    return redirect("account_login")
