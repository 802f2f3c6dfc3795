"""Checks of the names that people type: to join, on their profile, for others."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.core.validators import validate_printable_line

#: As long as a line of a badge or of a list stays legible.
MAX_NAME = 80
#: Names are mailed to addresses typed beside them, and head what the portal writes: they must not carry a message.
_LINK = re.compile(r"://|www\.|@|\.(?:com|net|org|fr|ru|io|info|xyz|top|biz)(?:\b|/)", re.IGNORECASE)


def validate_name(value: str) -> None:
    """Refuse what no name holds: line breaks, invisible signs, addresses."""
    validate_printable_line(value)
    if _LINK.search(value):
        raise ValidationError(_("Write a name here, without any address."))
