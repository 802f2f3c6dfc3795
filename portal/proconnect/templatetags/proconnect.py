"""The identity of the person who reads the page of security."""

from allauth.socialaccount.models import SocialAccount
from django import template

from portal.accounts.models import User
from portal.proconnect.selectors import identity_of

register = template.Library()


@register.simple_tag
def proconnect_identity(user: User) -> SocialAccount | None:
    """Return the ProConnect identity that opens the account of ``user``."""
    return identity_of(user)
