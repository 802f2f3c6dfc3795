"""The first publication of a sheet is an event: who follows its themes or territories is told."""

from typing import Any

from portal.notifications.services import record_event
from project_sheets.models import ProjectSheetPage


def note_published(instance: ProjectSheetPage, **kwargs: Any) -> None:
    """Record the first publication of a sheet, once; later ones are no news."""
    if instance.first_published_at == instance.last_published_at:
        record_event("sheet.published", about=instance, key=f"sheet:{instance.pk}", actor=instance.owner)
