"""What somebody sees who is signed in and not admitted (yet)."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.joining.views.registration import waiting_page

#: Where members land; whoever waits finds there where their request stands.
MEMBERS_LANDINGS = frozenset({"/", "/mon-espace/"})


class WaitingMiddleware:
    """Show where their request stands to people who wait, in place of what is for members.

    Public pages stay open to them, and so do their data and the security of their account.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Lead from the members' landing pages to the waiting page."""
        if request.path in MEMBERS_LANDINGS and request.method in {"GET", "HEAD"} and self._waits(request):
            return redirect("joining:waiting")
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say why a page for members stays closed, better than the plain refusal does."""
        if isinstance(exception, PermissionDenied) and self._waits(request):
            return waiting_page(request, status=403)
        return None

    @staticmethod
    def _waits(request: HttpRequest) -> bool:
        user = request.user
        return user.is_authenticated and user.is_active and not user.is_member
