"""Checks of what people type to join."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.core.validators import validate_printable_line

#: The names typed here are mailed to the address typed beside them: they must not carry a message.
_LINK = re.compile(r"://|www\.|@|\.(?:com|net|org|fr|ru|io|info|xyz|top|biz)(?:\b|/)", re.IGNORECASE)


def validate_name(value: str) -> None:
    """Refuse what no name holds: line breaks, invisible signs, addresses."""
    validate_printable_line(value)
    if _LINK.search(value):
        raise ValidationError(_("Write a name here, without any address."))
