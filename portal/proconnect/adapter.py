"""What the portal decides once ProConnect has said who somebody is."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.selectors import account_by_email
from portal.proconnect.newcomers import keep_newcomer
from portal.proconnect.oidc import new_random


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """An identity opens the account that it is linked to, and nothing else: same address or not."""

    def generate_state_param(self, state: dict[str, Any]) -> str:
        """Return a ``state`` of 43 signs; ProConnect wants 32, allauth's has 16."""
        return new_random()

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """Never: whoever controls an identity provider would control every account."""
        return False

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        """Return to the page of security."""
        return reverse("accounts:security")

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Leave it to the services, which write the portal's own mails."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Lead whoever is not known yet to the newcomers' form, or to the sign-in of the account of their address."""
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        email = sociallogin.user.email
        if not email:
            messages.error(request, _("ProConnect gave us no e-mail address: sign in another way, or write to us."))
            raise ImmediateHttpResponse(redirect("account_login"))
        if account_by_email(email):
            text = _(
                "An account of the portal has this address already. Sign in to it as you are used to, "
                "then link ProConnect on the page “Security”."
            )
            messages.info(request, text)
            raise ImmediateHttpResponse(redirect("account_login"))
        keep_newcomer(request, sociallogin)
        raise ImmediateHttpResponse(redirect("proconnect:join"))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Say what happened where the person can choose another way."""
        if error == AuthError.CANCELLED:
            messages.info(request, _("You have left ProConnect. Nothing has changed."))
        else:
            messages.error(request, _("ProConnect did not recognise you. Try again, or choose another way in."))
        signed_in = request.user.is_authenticated
        raise ImmediateHttpResponse(redirect("accounts:security" if signed_in else "account_login"))
