"""Checks of what people type, for every form."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: Signs that turn the order of what follows round, and so make a name read as another one.
DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def validate_printable_line(value: str) -> None:
    """Refuse control characters: in one line of text they are a mistake, or an attack on mail headers or readers."""
    if any(unicodedata.category(sign) in {"Cc", "Zl", "Zp"} or sign in DIRECTIONS for sign in value):
        raise ValidationError(_("Remove the line breaks and invisible characters from this line."))


def validate_printable_text(value: str) -> None:
    """Refuse control characters other than line breaks and tabs."""
    if any(unicodedata.category(sign) == "Cc" and sign not in "\r\n\t" for sign in value):
        raise ValidationError(_("Remove the invisible characters from this text."))
