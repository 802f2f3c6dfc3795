"""Absolute addresses of the pages of sheets, for mails."""

from django.conf import settings
from django.urls import reverse

from project_sheets.models import ProjectSheetPage


def absolute(name: str, *arguments: object) -> str:
    """Return the whole address of the named page."""
    return f"{settings.BASE_URL}{reverse(name, args=arguments)}"


def form_url(sheet: ProjectSheetPage) -> str:
    """Return where the people who look after a sheet find it and all that waits there; never the admin."""
    return absolute("sheet_editing:overview", sheet.uid)


def public_url(sheet: ProjectSheetPage) -> str:
    """Return the whole address of the sheet's public page."""
    return f"{settings.BASE_URL}{sheet.public_path}"
