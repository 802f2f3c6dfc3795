"""What the portal asks of django-allauth."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the community, not by allauth's open sign-up form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Registration is not open through allauth."""
        return False
