"""Addresses as mails want them."""

from typing import Any

from django.conf import settings
from django.urls import reverse


def absolute(name: str, *args: Any) -> str:
    """Return the whole address of a named page: from the settings, never from a request's Host."""
    return f"{settings.BASE_URL}{reverse(name, args=args)}"
