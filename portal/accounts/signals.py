"""What follows a sign-in."""

from typing import Any

from allauth.account.signals import user_logged_in
from django.http import HttpRequest

from portal.accounts.models import User
from portal.accounts.notices import note_sign_in


def connect() -> None:
    """Listen to allauth, which tells of a sign-in once every step of it is passed."""
    user_logged_in.connect(_on_sign_in, dispatch_uid="accounts.note_sign_in")


def _on_sign_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    note_sign_in(request, user)
