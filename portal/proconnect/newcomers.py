"""Somebody whom ProConnect has named and who has no account yet, between two pages of theirs."""

import time
from dataclasses import asdict, dataclass

from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest

from portal.accounts.names import MAX_NAME

_KEY = "proconnect.newcomer"
#: How long the form may stay open, in seconds.
LASTS = 3_600


@dataclass(frozen=True)
class Newcomer:
    """What ProConnect said; ``uid`` names the identity there."""

    uid: str
    email: str
    first_name: str
    last_name: str
    siret: str
    idp_id: str
    at: float


def keep_newcomer(request: HttpRequest, sociallogin: SocialLogin) -> None:
    """Remember in this browser's session whom ProConnect has named."""
    said = sociallogin.account.extra_data
    newcomer = Newcomer(
        uid=sociallogin.account.uid,
        email=sociallogin.user.email.lower(),
        first_name=sociallogin.user.first_name[:MAX_NAME],
        last_name=sociallogin.user.last_name[:MAX_NAME],
        siret=str(said.get("siret") or ""),
        idp_id=str(said.get("idp_id") or ""),
        at=time.time(),
    )
    request.session[_KEY] = asdict(newcomer)


def newcomer_of(request: HttpRequest) -> Newcomer | None:
    """Return whom ProConnect named in this session within the last hour."""
    kept = request.session.get(_KEY)
    newcomer = Newcomer(**kept) if kept else None
    return newcomer if newcomer and time.time() - newcomer.at < LASTS else None


def forget_newcomer(request: HttpRequest) -> None:
    """Forget them: they have an account now."""
    request.session.pop(_KEY, None)
