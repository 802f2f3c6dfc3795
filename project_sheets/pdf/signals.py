"""What a publication sets off."""

from functools import partial
from typing import Any

from django.db import transaction
from wagtail.models import Page

from project_sheets.models import ProjectSheetPage
from project_sheets.pdf.tasks import make_documents


def refresh_documents(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Have a worker make the documents of a sheet that was published, or forget those of one withdrawn."""
    sheet = instance.specific
    if isinstance(sheet, ProjectSheetPage):
        transaction.on_commit(partial(make_documents.enqueue, sheet.pk, str(sheet.uid)), robust=True)
