"""The OpenID Connect of ProConnect, where it asks for more than allauth's own client does.

Source: ProConnect's technical documentation (partenaires.proconnect.gouv.fr): userinfo is a signed
JWT, ``state`` and ``nonce`` have 32 signs at least and are checked, the session ends at ProConnect
with the raw ``id_token_hint``.
"""

import secrets
from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from jwt import PyJWTError, get_unverified_header

from portal.accounts.ways import WayOut

PROVIDER_ID = "proconnect"
#: In bytes: 43 signs in base 64.
RANDOM_BYTES = 32
#: What ProConnect signs with; a token that says "none" or names a shared secret is no token.
ALGORITHMS = frozenset({"RS256", "ES256"})
#: The addresses of the provider change by the year.
CONFIGURATION_SECONDS = 3_600
ID_TOKEN_KEY = "proconnect.id_token"  # noqa: S105 -- the name under which the session keeps it
#: What ProConnect must give back after a sign-out: the session that follows remembers it.
SIGN_OUT_KEY = "proconnect.sign_out"


def new_random() -> str:
    """Return a value for ``state`` or ``nonce``: 43 signs that nobody guesses."""
    return secrets.token_urlsafe(RANDOM_BYTES)


class ProConnectAdapter(OpenIDConnectOAuth2Adapter):
    """One exchange with ProConnect; ``nonce`` is the one that this browser's request carried."""

    def __init__(self, request: HttpRequest, provider_id: str = PROVIDER_ID) -> None:
        super().__init__(request, provider_id)
        self.nonce = ""
        self.raw_id_token = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's description of itself, read once an hour; raises OAuth2Error for one of somebody else."""
        server_url = self.get_provider().server_url
        config: dict[str, Any] | None = cache.get(f"proconnect:configuration:{server_url}")
        if config is None:
            with get_adapter().get_requests_session() as session:
                response = session.get(server_url)
                response.raise_for_status()
                config = response.json()
            if config.get("issuer", "").rstrip("/") != settings.PROCONNECT_URL:
                raise OAuth2Error("the configuration names another issuer")
            cache.set(f"proconnect:configuration:{server_url}", config, CONFIGURATION_SECONDS)
        return config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Return where ProConnect sends people back: from the settings, never from a request's Host."""
        return f"{settings.BASE_URL}{reverse('proconnect:callback')}"

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> Any:
        """Check the identity token, then ask who it is; both must speak of the same person."""
        self.raw_id_token = kwargs["response"].get("id_token") or ""
        if not self.raw_id_token:
            raise OAuth2Error("no identity token")
        claims = self._decode_id_token(app, self.raw_id_token)
        userinfo = self._fetch_user_info(token.token)
        if userinfo.get("sub") != claims["sub"]:
            raise OAuth2Error("userinfo is about somebody else")
        return self.get_provider().sociallogin_from_response(request, {"userinfo": userinfo, "id_token": claims})

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        claims = self._decode(id_token)
        if not self.nonce or not secrets.compare_digest(str(claims.get("nonce", "")), self.nonce):
            raise OAuth2Error("the nonce is not the one of this browser")
        return claims

    def _fetch_user_info(self, access_token: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            response = session.get(self.profile_url, headers={"Authorization": f"Bearer {access_token}"})
            response.raise_for_status()
        if not response.headers.get("Content-Type", "").startswith("application/jwt"):
            raise OAuth2Error("userinfo is not signed")
        return self._decode(response.text)

    def _decode(self, token: str) -> dict[str, Any]:
        """Return the claims of a token signed by ProConnect for this portal; raises OAuth2Error for any other."""
        try:
            algorithm = get_unverified_header(token).get("alg")
        except PyJWTError as error:
            raise OAuth2Error("not a token") from error
        if algorithm not in ALGORITHMS:
            raise OAuth2Error(f"signed with {algorithm}")
        config = self.openid_config
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=token,
            keys_url=config["jwks_uri"],
            issuer=config["issuer"],
            audience=self.get_provider().app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return claims


class CallbackView(OAuth2CallbackView):
    """The way back: takes the nonce from what this browser left, and keeps the token that ends the session."""

    adapter: ProConnectAdapter

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign in, or lead to the form of a newcomer."""
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        if self.adapter.raw_id_token:
            request.session[ID_TOKEN_KEY] = self.adapter.raw_id_token
            # As every other way in: the session ends with the browser.
            request.session.set_expiry(0)
        return response

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = (state.get("data") or {}).get("nonce", "")
        return state, response


def way_out(request: HttpRequest) -> WayOut | None:
    """Return where the ProConnect session of ``request`` ends, or None when it has none.

    A provider that does not answer must not keep anybody signed in here: None too.
    """
    id_token = request.session.get(ID_TOKEN_KEY)
    if not id_token:
        return None
    try:
        endpoint = ProConnectAdapter(request).openid_config.get("end_session_endpoint")
    except (OSError, OAuth2Error):
        # requests' errors are OSErrors.
        return None
    if not endpoint:
        return None
    back, state = f"{settings.BASE_URL}{reverse('proconnect:signed_out')}", new_random()
    query = {"id_token_hint": id_token, "state": state, "post_logout_redirect_uri": back}
    return WayOut(f"{endpoint}?{urlencode(query)}", {SIGN_OUT_KEY: state})


def is_sign_out_of(request: HttpRequest) -> bool:
    """Whether ProConnect brings this browser back from the sign-out that it asked for; true once."""
    expected = request.session.pop(SIGN_OUT_KEY, "")
    return bool(expected) and secrets.compare_digest(expected.encode(), request.GET.get("state", "").encode())
