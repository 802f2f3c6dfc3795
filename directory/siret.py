"""SIRET numbers: fourteen digits that name one establishment in the State's register."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as InvalidNumber
from stdnum.fr import siret as siret_number

#: What people type between the digits: all kinds of blanks, dots, hyphens.
_SEPARATORS = re.compile(r"[\s.\-\u00ad\u200b]+")


def clean_siret(text: str) -> str | None:
    """Return the fourteen digits of ``text``, or None where it is blank: never an empty text.

    The key is checked as INSEE defines it, with the rule of its own that La Poste's establishments
    follow. Raises ValidationError, with a sentence for its field.
    """
    digits = _SEPARATORS.sub("", text or "")
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit()) or len(digits) != 14:
        raise ValidationError(_("A SIRET has fourteen digits. Example: 130 025 265 00013."))
    # Its key is right, and it names nobody.
    if not digits.strip("0"):
        raise ValidationError(_("Fourteen zeros are no SIRET: leave this field empty instead."))
    try:
        return str(siret_number.validate(digits))
    except InvalidNumber as error:
        raise ValidationError(_("This SIRET has a mistake: its check digit does not fit. Compare it again.")) from error


def format_siret(siret: str | None) -> str:
    """Return ``130 025 265 00013``, whose blanks do not break; empty where there is none."""
    if not siret:
        return ""
    return "\N{NO-BREAK SPACE}".join((siret[:3], siret[3:6], siret[6:9], siret[9:]))


def siren_of(siret: str | None) -> str:
    """Return the nine digits that name the legal entity."""
    return siret[:9] if siret else ""
