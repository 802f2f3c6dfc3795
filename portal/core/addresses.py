"""Whole addresses, as mails want them: from the settings, never from a request's Host."""

from typing import Any

from django.conf import settings
from django.urls import reverse


def absolute(path: str) -> str:
    """Return the whole address of a path."""
    return f"{settings.BASE_URL}{path}"


def absolute_of(name: str, *args: Any) -> str:
    """Return the whole address of a named page."""
    return absolute(reverse(name, args=args))
