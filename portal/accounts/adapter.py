"""What the portal asks of django-allauth."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the community, not by allauth's open sign-up form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Registration is not open through allauth."""
        return False

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Say that the account is closed; only somebody who knows its password reads this."""
        messages.error(request, _("This account is closed. Write to us if you think that it should not be."))
        return HttpResponseRedirect(reverse("account_login"))
