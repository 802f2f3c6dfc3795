"""The signed link by which somebody confirms a sheet without signing in: of no value to anything else."""

from dataclasses import dataclass

from django.core import signing

from project_sheets.living.rules import LINK_LASTS

_SALT = "sheets.still-true"


@dataclass(frozen=True)
class ConfirmationToken:
    """Whom a link was sent to, about which sheet."""

    sheet_id: int
    user_id: int


def confirmation_token(*, sheet_id: int, user_id: int) -> str:
    """Return the token that confirms a sheet as one of its leads."""
    return signing.dumps([sheet_id, user_id], salt=_SALT)


def read_confirmation_token(token: str) -> ConfirmationToken | None:
    """Return what ``token`` names; None for one that the portal has not made, or that is too old."""
    try:
        sheet_id, user_id = signing.loads(token, salt=_SALT, max_age=LINK_LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return ConfirmationToken(int(sheet_id), int(user_id))
