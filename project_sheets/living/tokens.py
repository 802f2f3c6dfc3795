"""The signed link by which somebody confirms a sheet without signing in: of no value to anything else."""

from dataclasses import dataclass

from django.core import signing

from project_sheets.living.rules import LINK_LASTS
from project_sheets.living.selectors import fresh_since
from project_sheets.models import ProjectSheetPage

_SALT = "sheets.still-true"


@dataclass(frozen=True)
class ConfirmationToken:
    """Whom a link was sent to, about which sheet as it stood then."""

    sheet_id: int
    user_id: int
    stamp: str


def _stamp(sheet: ProjectSheetPage) -> str:
    since = fresh_since(sheet)
    return since.isoformat(timespec="seconds") if since else ""


def confirmation_token(*, sheet: ProjectSheetPage, user_id: int) -> str:
    """Return the token that confirms a sheet as one of its leads; good until it is confirmed or published anew."""
    return signing.dumps([sheet.pk, user_id, _stamp(sheet)], salt=_SALT)


def is_answered(token: ConfirmationToken, sheet: ProjectSheetPage) -> bool:
    """Whether the sheet has been confirmed or published since the link was mailed."""
    return token.stamp != _stamp(sheet)


def read_confirmation_token(token: str) -> ConfirmationToken | None:
    """Return what ``token`` names; None for one that the portal has not made, or that is too old."""
    try:
        sheet_id, user_id, stamp = signing.loads(token, salt=_SALT, max_age=LINK_LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return ConfirmationToken(int(sheet_id), int(user_id), str(stamp))
