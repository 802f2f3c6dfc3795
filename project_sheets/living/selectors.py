"""Reads of what keeps a sheet true."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from portal.accounts.models import User
from project_sheets.living.rules import REMINDED_ONCE_IN, STALE_AFTER
from project_sheets.models import ProjectSheetPage, SheetCorrection, SheetLead, SheetReminder


def stale_sheets(now: datetime) -> Any:
    """Return the published sheets of which nobody has said or been asked for half a year that they are right."""
    limit = now - STALE_AFTER
    asked = SheetReminder.objects.filter(sheet_id=OuterRef("pk"), sent_at__gt=now - REMINDED_ONCE_IN)
    return (
        ProjectSheetPage.objects.live()
        .filter(Q(last_confirmed_at=None) | Q(last_confirmed_at__lt=limit), last_published_at__lt=limit)
        .filter(~Exists(asked))
        .order_by("pk")
    )


def fresh_since(sheet: ProjectSheetPage) -> datetime | None:
    """Return when the sheet was last known to be true: confirmed, or published."""
    moments = [moment for moment in (sheet.last_confirmed_at, sheet.last_published_at) if moment]
    return max(moments) if moments else None


def lead_named(sheet_id: int, user_id: int) -> User | None:
    """Return the account that a link was sent to, if it still looks after the sheet."""
    lead = SheetLead.objects.filter(sheet_id=sheet_id, user_id=user_id, user__is_active=True).select_related("user")
    found = lead.first()
    return found.user if found is not None and found.user.is_member else None


def corrections_of(sheet: ProjectSheetPage) -> Any:
    """Return the corrections that readers proposed, those that wait first."""
    return SheetCorrection.objects.filter(sheet=sheet).select_related("author").order_by("answered_at", "-created_at")
