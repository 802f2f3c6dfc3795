"""Long imports, away from the page."""

import contextlib

from django_tasks import task

from project_sheets.laureate_import.services import WrongLinesError, run_import
from project_sheets.models import LaureateImport


@task()
def run_laureate_import(pk: int, all_or_nothing: bool) -> None:
    """Create the sheets of a running import; the report says what came of it."""
    job = LaureateImport.objects.select_related("call", "owner").get(pk=pk)
    with contextlib.suppress(WrongLinesError):
        run_import(job=job, all_or_nothing=all_or_nothing)
