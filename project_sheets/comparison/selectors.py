"""Sheets side by side, each at the depth that the reader may see."""

from collections.abc import Iterable, Sequence

from portal.accounts.rules import AnyUser
from project_sheets.comparison.picks import MOST, address_of
from project_sheets.selectors import SheetPresentation, sheet_at


def picked_sheets(user: AnyUser, picks: Iterable[str]) -> Sequence[SheetPresentation]:
    """Return the sheets that ``picks`` name, in their order, four at most; those ``user`` may not see are left out."""
    found: list[SheetPresentation] = []
    for pick in picks:
        address = address_of(pick)
        sheet = sheet_at(user, *address) if address else None
        if sheet is not None:
            found.append(sheet)
    return found[:MOST]
