"""What is checked at each request of a signed-in person."""

import time
from collections.abc import Callable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.accounts.recent import has_proven_second_factor, to_verification
from portal.accounts.second_factor import has_second_factor, must_have_second_factor

SEEN_KEY = "accounts.seen_at"
#: Writing at each page would cost a write a page; ten minutes are precise enough for a list of devices.
SEEN_EVERY_SECONDS = 600
#: After this long a session ends whatever it does (ASVS 5, 7.3.2); SESSION_COOKIE_AGE ends an idle one.
LONGEST_SESSION = timedelta(days=30)
#: What somebody whose role wants a second factor reads without one: the ways in, out, and to set it up.
OPEN_PREFIXES = ("/connexion/", "/deconnexion/", "/mot-de-passe/", "/mon-espace/securite/", "/sante/")


class SessionWatchMiddleware:
    """Keep "My connected devices" up to date, and end sessions that are too old."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note the activity of a signed-in person, at most once in SEEN_EVERY_SECONDS."""
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session and request.user.is_authenticated and self._is_due(request) and not self._renew(request):
            logout(request)
        return self.get_response(request)

    @staticmethod
    def _is_due(request: HttpRequest) -> bool:
        return time.time() - request.session.get(SEEN_KEY, 0) >= SEEN_EVERY_SECONDS

    @staticmethod
    def _renew(request: HttpRequest) -> bool:
        """Note the activity; False when the session has lived long enough."""
        UserSession.objects.create_from_request(request)
        request.session[SEEN_KEY] = time.time()
        too_old = UserSession.objects.filter(
            session_key=request.session.session_key, created_at__lt=timezone.now() - LONGEST_SESSION
        )
        return not too_old.exists()


class SecondFactorMiddleware:
    """Where the portal wants a second factor, whoever moderates shows it first, on every page.

    Powers are not those of the administration alone: a role moderates, reads drafts and writes for organisations
    on the pages of everybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Lead to the set-up who has no second factor, and to the verification whose session has not shown it."""
        if request.path.startswith(OPEN_PREFIXES) or not must_have_second_factor(request.user):
            return self.get_response(request)
        if has_proven_second_factor(request):
            return self.get_response(request)
        if has_second_factor(request.user):
            return to_verification(request)
        messages.warning(request, _("Your role wants a second factor: set one up, then come back."))
        query = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('accounts:second_factor')}?{query}")
