"""The publications of a sheet are events: who follows its themes, its territories or itself is told."""

from typing import Any

from portal.notifications.services import record_event
from project_sheets.models import ProjectSheetPage
from project_sheets.review.acting import current_act


def note_published(instance: ProjectSheetPage, **kwargs: Any) -> None:
    """Record a publication, once: the first is a new sheet, the later ones are new versions of it.

    A sheet that comes back as it was, from the archive, is neither.
    """
    if not instance.live:
        # Its publication is only planned.
        return
    if instance.first_published_at == instance.last_published_at:
        record_event("sheet.published", about=instance, key=f"sheet:{instance.pk}", actor=instance.owner)
    elif not current_act().is_reopening:
        key = f"sheet-version:{instance.pk}:{instance.live_revision_id}"
        record_event("sheet.updated", about=instance, key=key)
