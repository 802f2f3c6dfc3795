"""Telephone numbers: checked, kept in one form, shown as the French write them."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: Numbers typed without a country are French; those of overseas are told by their own prefixes.
FRANCE = "FR"
OVERSEAS = ("GP", "GF", "MQ", "RE", "YT", "PM", "NC", "PF", "WF")


def _parsed(text: str) -> phonenumbers.PhoneNumber | None:
    """Return the first reading of ``text`` that is a number in use: mainland France, then overseas."""
    for region in (FRANCE, *OVERSEAS):
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) and not number.extension:
            return number
    return None


def clean_phone(text: str) -> str:
    """Return a telephone number as E.164 (``+33296000000``); empty stays empty.

    Raises ValidationError, with a sentence for its field, when it is no number in use.
    """
    if not text.strip():
        return ""
    number = _parsed(text)
    if number is None:
        raise ValidationError(_("This is not a telephone number in use. Example: 02 96 00 00 00."))
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def format_phone(number: str) -> str:
    """Return a kept number as people write it: French ones as ``02 96 00 00 00``, others with their country."""
    if not number:
        return ""
    parsed = phonenumbers.parse(number, None)
    national = phonenumbers.region_code_for_number(parsed) in {FRANCE, *OVERSEAS}
    form = phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    # The spaces of a number never break at the end of a line.
    return str(phonenumbers.format_number(parsed, form)).replace(" ", "\N{NO-BREAK SPACE}")
