"""Telephone numbers of organisations: ordinary ones, and the short ones that are dialled in France (3949)."""

import re

import phonenumbers
from phonenumbers import shortnumberinfo

from portal.core.phones import FRANCE, clean_phone, format_phone


def clean_public_phone(text: str) -> str:
    """Return a number as E.164, or a short number as it is dialled; empty stays empty.

    The short ones need a check of their own: they are no numbers for the library's ordinary one.
    Raises ValidationError, with a sentence for its field, when it is no number in use.
    """
    digits = re.sub(r"[\s.\-]", "", text)
    if digits.isascii() and digits.isdigit() and 2 <= len(digits) <= 6:
        number = phonenumbers.parse(digits, FRANCE)
        if shortnumberinfo.is_valid_short_number_for_region(number, FRANCE):
            return digits
    return clean_phone(text)


def format_public_phone(number: str, extension: str = "") -> str:
    """Return a kept number as people write it, followed by its extension."""
    if number and not number.startswith("+"):
        shown = f"{number[:2]}\N{NO-BREAK SPACE}{number[2:]}" if len(number) == 4 else number
    else:
        shown = format_phone(number)
    return f"{shown}, poste\N{NO-BREAK SPACE}{extension}" if shown and extension else shown
