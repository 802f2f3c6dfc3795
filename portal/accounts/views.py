"""Signing in."""

from typing import Any

from allauth.account.views import LoginView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse


class SignInView(LoginView):
    """allauth's sign-in page."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse the admin plainly to a member without the right, whom Wagtail sends here again and again."""
        wants_admin = request.GET.get("next", "").startswith(reverse("wagtailadmin_home"))
        if wants_admin and request.user.is_authenticated and not request.user.has_perm("wagtailadmin.access_admin"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)
