"""Signing in somebody whose mailbox has just been proven, and who has only now an account."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from portal.accounts.models import User


def sign_in_newcomer(request: HttpRequest, user: User, *, going: str) -> HttpResponse:
    """Sign in and go to the path ``going``: the link has proven as much as a sign-in link does."""
    if request.user.is_authenticated:
        # Another account's session must not go on behind this one.
        logout(request)
    record_authentication(request, user, "link")
    response: HttpResponse = perform_login(request, Login(user=user, email=user.email, redirect_url=going))
    request.session.set_expiry(0)
    return response
