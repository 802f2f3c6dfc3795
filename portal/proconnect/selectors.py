"""Reads of ProConnect."""

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db.models import Q

from portal.accounts.models import User
from portal.proconnect.models import TrustedDomain
from portal.proconnect.oidc import PROVIDER_ID
from portal.taxonomy.models import Territory


def is_open() -> bool:
    """Whether the portal is known to ProConnect."""
    return bool(settings.PROCONNECT_URL)


def is_trusted(email: str, region: Territory | None) -> bool:
    """Whether an agent with this address needs no approval in this region; a sub-domain is another domain."""
    domain = email.rsplit("@", 1)[-1].lower()
    return TrustedDomain.objects.filter(Q(region=None) | Q(region=region), domain=domain).exists()


def identity_of(user: User) -> SocialAccount | None:
    """Return the ProConnect identity that opens this account."""
    return SocialAccount.objects.filter(user=user, provider=PROVIDER_ID).first()
