"""What the portal asks of django-allauth."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import User
from portal.accounts.notices import device_of, tell_owner
from portal.accounts.throttle import PASSWORD, begin_attempt
from portal.core.throttle import client_address

#: allauth's message templates → our sentences; it says many more things, which need not be said.
SAID = {
    "account/messages/logged_out.txt": gettext_lazy("You have signed out."),
    "mfa/messages/totp_activated.txt": gettext_lazy("The authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("The authenticator app has been removed."),
    "mfa/messages/webauthn_added.txt": gettext_lazy("The passkey is set up."),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("The passkey has been removed."),
    "socialaccount/messages/account_connected.txt": gettext_lazy("Your identity is linked: it opens this account."),
    "socialaccount/messages/account_connected_updated.txt": gettext_lazy("Your identity was linked to it already."),
    "socialaccount/messages/account_connected_other.txt": gettext_lazy(
        "This identity opens another account: unlink it there first, then link it here."
    ),
}
#: allauth's mail templates → our kind of mail, and what it is about.
TOLD: dict[str, tuple[str, Any]] = {
    "mfa/email/totp_activated": ("second_factor_added", gettext_lazy("Authenticator app")),
    "mfa/email/webauthn_added": ("second_factor_added", gettext_lazy("Passkey")),
    "mfa/email/totp_deactivated": ("second_factor_removed", gettext_lazy("Authenticator app")),
    "mfa/email/webauthn_removed": ("second_factor_removed", gettext_lazy("Passkey")),
    "mfa/email/recovery_codes_generated": ("recovery_codes", ""),
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the community; their attempts are counted and their mails written by the portal."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("This address and this password do not open an account."),
        "too_many_login_attempts": gettext_lazy(
            "Too many attempts: wait a quarter of an hour, or ask for a sign-in link below."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Registration is not open through allauth."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Answer pages alone: nothing of the portal signs in by JSON."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that the portal counts; behind a socket there is none."""
        return client_address(request) or "0.0.0.0"  # noqa: S104 -- stands for "unknown", nothing listens on it

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a try at a password; raises ValidationError when none is left."""
        self._attempt = begin_attempt(request, PASSWORD, credentials.get("email", ""))
        if self._attempt is None:
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        if self._attempt is not None:
            self._attempt.forget()

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Leave it to ``portal.accounts.recent``, which guards every view that changes an account."""
        return False

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Say that the account is closed; only somebody who holds its passkey reads this."""
        messages.error(request, _("This account is closed. Write to us if you think that it should not be."))
        return HttpResponseRedirect(reverse("account_login"))

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say allauth's messages in the portal's words."""
        said = message or SAID.get(message_template or "")
        if said:
            messages.add_message(request, level, str(said), extra_tags=extra_tags)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Queue the portal's own mail instead of allauth's."""
        kind, what = TOLD[template_prefix]
        tell_owner(user, kind, what=str(what), device=device_of(self.request))
