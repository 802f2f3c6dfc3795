"""Pages of the second factor: authenticator app, passkeys, recovery codes."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes
from allauth.mfa.totp.internal import flows as totp_flows
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal import flows as webauthn_flows
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.notices import end_sessions
from portal.accounts.passkeys import PasskeyForm
from portal.accounts.recent import recent_proof_required
from portal.accounts.second_factor import SecondFactorAdapter, has_second_factor, must_have_second_factor
from portal.accounts.security.forms import AppSetupForm
from portal.accounts.security.selectors import CODES_SHOWN_FOR, factors_of, may_show_codes, recovery_codes_of
from portal.accounts.sign_in.views import RefusedFormMixin

READ_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
@never_cache
@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Show the second factors of the account and what can be added."""
    is_wanted = must_have_second_factor(request.user)
    return render(
        request, "accounts/second_factor.html", {**factors_of(request.user), "must_have_second_factor": is_wanted}
    )


def _after_adding(request: HttpRequest, kind: str, *, was_protected: bool) -> None:
    """Count the factor as shown in this session; sessions opened without it end with the first one."""
    record_authentication(request, request.user, "mfa", type=kind, reauthenticated=True)
    if not was_protected:
        end_sessions(request.user, but=request.session.session_key or "")


@method_decorator([never_cache, recent_proof_required], name="dispatch")
class AppSetupView(RefusedFormMixin, ActivateTOTPView):
    """Set up an authenticator app: QR code or key, then its first code."""

    template_name = "accounts/app_setup.html"
    form_class = AppSetupForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the factors to whom has an application already."""
        if factors_of(request.user)["app"]:
            return redirect("accounts:second_factor")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the key in groups of four, for who types it."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        context["spaced_secret"] = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        return context

    def form_valid(self, form: AppSetupForm) -> HttpResponse:
        """Keep the application, then show the recovery codes if they are new."""
        was_protected = has_second_factor(self.request.user)
        response = super().form_valid(form)
        _after_adding(self.request, "totp", was_protected=was_protected)
        return response

    def get_success_url(self) -> str:
        """Lead to the recovery codes where they have just been made."""
        return reverse("accounts:recovery_codes" if self.did_generate_recovery_codes else "accounts:second_factor")


@method_decorator([never_cache, recent_proof_required], name="dispatch")
class PasskeyAddView(RefusedFormMixin, AddWebAuthnView):
    """Add a passkey; this one needs the browser's script."""

    template_name = "accounts/passkey_add.html"
    form_class = PasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the options of a key that lies on the device and checks its owner."""
        context: dict[str, Any] = super(AddWebAuthnView, self).get_context_data(**kwargs)
        context["passkey_options"] = webauthn.begin_registration(self.request.user, passwordless=True)
        return context

    def form_valid(self, form: PasskeyForm) -> HttpResponse:
        """Keep the passkey, then show the recovery codes if they are new."""
        was_protected = has_second_factor(self.request.user)
        response = super().form_valid(form)
        _after_adding(self.request, "webauthn", was_protected=was_protected)
        return response

    def get_success_url(self) -> str:
        """Lead to the recovery codes where they have just been made."""
        return reverse("accounts:recovery_codes" if self.did_generate_recovery_codes else "accounts:second_factor")


@never_cache
@recent_proof_required
@require_http_methods(READ_OR_POST)
def factor_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then remove the application or a passkey of one's own."""
    removable = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    factor = get_object_or_404(removable.select_related("user"), pk=pk, user=request.user)
    name = _("Authenticator app") if factor.type == Authenticator.Type.TOTP else factor.wrap().name
    may_remove = SecondFactorAdapter().can_delete_authenticator(factor)
    if request.method == "POST" and may_remove:
        is_app = factor.type == Authenticator.Type.TOTP
        (totp_flows.deactivate_totp if is_app else webauthn_flows.remove_authenticator)(request, factor)
        return redirect("accounts:second_factor")
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/factor_remove.html", {"name": name, "may_remove": may_remove}, status=status)


@never_cache
@recent_proof_required
@require_http_methods(READ_OR_POST)
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show new recovery codes until their owner has noted them; by POST, note that, or make new ones."""
    row = recovery_codes_of(request.user)
    if row is None:
        return redirect("accounts:second_factor")
    if request.method == "POST":
        return _act_on_codes(request, row)
    wrapped = row.wrap()
    shown = wrapped.get_unused_codes() if may_show_codes(row) else []
    context = {
        "codes": [f"{code[:4]} {code[4:]}" for code in shown],
        "codes_left": len(wrapped.get_unused_codes()),
        "minutes": int(CODES_SHOWN_FOR.total_seconds()) // 60,
    }
    return render(request, "accounts/recovery_codes.html", context)


def _act_on_codes(request: HttpRequest, row: Authenticator) -> HttpResponse:
    if request.POST.get("action") == "new":
        generate_recovery_codes(request)
        messages.success(request, _("Your new recovery codes are below; the former ones no longer work."))
        return redirect("accounts:recovery_codes")
    row.wrap().mark_as_viewed()
    messages.success(request, _("Your recovery codes are noted: they will not be shown again."))
    return redirect("accounts:second_factor")


@never_cache
@recent_proof_required
@require_safe
def recovery_codes_file(request: HttpRequest) -> HttpResponse:
    """Give the recovery codes as a text file, while they may be shown; 404 after."""
    row = recovery_codes_of(request.user)
    if row is None or not may_show_codes(row):
        raise Http404
    codes = [f"{code[:4]} {code[4:]}" for code in row.wrap().get_unused_codes()]
    text = render_to_string("accounts/recovery_codes.txt", {"codes": codes, "portal_name": settings.PORTAL_NAME})
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="codes-de-secours.txt"'
    return response
