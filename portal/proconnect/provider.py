"""ProConnect as allauth knows providers."""

from typing import Any

from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from portal.proconnect.oidc import PROVIDER_ID, ProConnectAdapter, new_random

#: No claim is asked as essential: an essential second factor makes the sign-in fail at providers without one.
SCOPE = ["openid", "given_name", "usual_name", "email", "uid", "siret", "idp_id"]


class ProConnectProvider(OpenIDConnectProvider):
    """The identity provider of the agents of the State and its partners."""

    id = PROVIDER_ID
    name = "ProConnect"
    oauth2_adapter_class = ProConnectAdapter
    pkce_enabled_default = True
    supports_token_authentication = False

    def get_default_scope(self) -> list[str]:
        """Return what is asked: who the person is, nothing more."""
        return list(SCOPE)

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        """Return the address that starts an exchange."""
        return reverse("proconnect:start")

    def get_callback_url(self) -> str:
        """Return the path of the way back."""
        return reverse("proconnect:callback")

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        """Send the browser to ProConnect with a nonce that it must bring back."""
        nonce = new_random()
        parameters = {"nonce": nonce, "acr_values": "eidas1"}
        response: HttpResponse = super().redirect(
            request, process, next_url, {"nonce": nonce}, auth_params=parameters, **kwargs
        )
        return response

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the names as ProConnect calls them."""
        found = data["userinfo"]
        return {
            "email": found.get("email"),
            "first_name": found.get("given_name"),
            "last_name": found.get("usual_name"),
        }

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """Return none: the account has its own address, and an address alone links nobody."""
        return []

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keep what tells which identity this is, and nothing of the rest."""
        return {name: data["userinfo"].get(name) for name in ("email", "siret", "idp_id")}


provider_classes = [ProConnectProvider]
