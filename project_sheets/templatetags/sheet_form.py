"""What the template of a step needs besides the components."""

from collections.abc import Sequence
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(values: Sequence[Any], index: int) -> Any:
    """Return the value at ``index``, or None past the end."""
    return values[index] if index < len(values) else None


@register.filter
def upload_action(what: str) -> str:
    """Return what the button that sends a file asks for."""
    return f"upload:{what}"
