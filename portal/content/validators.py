"""Checks of what people type in the editorial content."""

import re

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
