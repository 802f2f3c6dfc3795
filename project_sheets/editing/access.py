"""Who reaches which sheet in “My sheets”."""

from typing import cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from portal.accounts.models import User
from project_sheets.editing.selectors import editable_sheets
from project_sheets.models import ProjectSheetPage


def sheet_to_edit(request: HttpRequest, uid: UUID) -> ProjectSheetPage:
    """Return the sheet that the reader may write.

    Raises PermissionDenied for a sheet that they see and may not write, Http404 for one that they do not see.
    """
    sheet = editable_sheets(request.user).filter(uid=uid).first()
    if sheet is not None:
        return sheet  # type: ignore[no-any-return]
    if ProjectSheetPage.objects.visible_to(request.user).filter(uid=uid).exists():
        raise PermissionDenied
    raise Http404


def account(request: HttpRequest) -> User:
    """Return who has signed in."""
    return cast("User", request.user)
