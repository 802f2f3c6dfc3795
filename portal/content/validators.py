"""Checks of what people type in the editorial content."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

#: A path of this site: one slash, never two, which would lead to another host.
LOCAL_PATH = re.compile(r"/(?![/\\])[^\s\\]*")
_web_address = URLValidator(schemes=["http", "https"])


def validate_link(value: str) -> None:
    """Refuse what is neither a path of the portal nor a web address."""
    if LOCAL_PATH.fullmatch(value):
        return
    try:
        _web_address(value)
    except ValidationError as error:
        raise ValidationError(_("Write “/a-page/” or a whole address that begins with https://.")) from error


def validate_printable_line(value: str) -> None:
    """Refuse control characters: in one line of text they are a mistake or an attack on mail headers."""
    if any(unicodedata.category(sign) in {"Cc", "Zl", "Zp"} for sign in value):
        raise ValidationError(_("Remove the line breaks and invisible characters from this line."))


def validate_printable_text(value: str) -> None:
    """Refuse control characters other than line breaks and tabs."""
    if any(unicodedata.category(sign) == "Cc" and sign not in "\r\n\t" for sign in value):
        raise ValidationError(_("Remove the invisible characters from this text."))
