"""Checks of what people type, for every form."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def validate_printable_line(value: str) -> None:
    """Refuse control characters: in one line of text they are a mistake or an attack on mail headers."""
    if any(unicodedata.category(sign) in {"Cc", "Zl", "Zp"} for sign in value):
        raise ValidationError(_("Remove the line breaks and invisible characters from this line."))


def validate_printable_text(value: str) -> None:
    """Refuse control characters other than line breaks and tabs."""
    if any(unicodedata.category(sign) == "Cc" and sign not in "\r\n\t" for sign in value):
        raise ValidationError(_("Remove the invisible characters from this text."))
