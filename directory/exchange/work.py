"""What a worker does of an import: judge the lines of its file, then write them."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.duplicates.detection import find_duplicates
from directory.enums import ImportMode, ImportState
from directory.exchange.checking import CheckedRow, check_rows
from directory.exchange.comparing import compare_rows
from directory.exchange.reading import read_rows
from directory.exchange.reporting import write_report
from directory.exchange.writing import index_organisations, write_rows
from directory.models import ImportJob
from directory.selectors import regions_written_by


def _judged(job: ImportJob) -> list[CheckedRow]:
    with job.file.open("rb") as file:
        rows = read_rows(file.read())
    ImportJob.objects.filter(pk=job.pk).update(total=len(rows), done=0)

    def tell(done: int) -> None:
        ImportJob.objects.filter(pk=job.pk).update(done=done)

    checked = check_rows(rows, tell=tell, regions=regions_written_by(job.owner))
    compare_rows(checked)
    return checked


def _failing(job: ImportJob, work: Callable[[], None]) -> None:
    """Do ``work``; a file that cannot be read ends the job with a sentence, anything else besides with its error."""
    try:
        work()
    except ValidationError as error:
        _fail(job, " ".join(error.messages))
    except Exception:
        _fail(job, _("The import has failed, and nothing was written. Try again, or write to the team."))
        raise


def _fail(job: ImportJob, sentence: str) -> None:
    fields = {"state": ImportState.FAILED, "problem": sentence[:300], "finished_at": timezone.now()}
    ImportJob.objects.filter(pk=job.pk).update(**fields)


def run_check(*, job: ImportJob) -> None:
    """Judge the lines of a file and write the report; run by a worker, and safe to run again."""
    if job.state != ImportState.CHECKING:
        return

    def work() -> None:
        checked = _judged(job)
        with transaction.atomic():
            write_report(job, checked)
            # One that was given up meanwhile stays so.
            waiting = ImportJob.objects.filter(pk=job.pk, state=ImportState.CHECKING)
            waiting.update(state=ImportState.CHECKED)

    _failing(job, work)


def run_write(*, job: ImportJob) -> None:
    """Write the lines of a judged file, all in one transaction; run by a worker, and safe to run again.

    Lines are judged anew, since the directory may have changed: the report then says what was done.
    With the mode "all", one that is wrong by now leaves everything as it was.
    """
    if job.state != ImportState.WRITING:
        return
    keys: list[int] = []

    def work() -> None:
        checked = _judged(job)
        right = [row for row in checked if not row.errors]
        if job.mode == ImportMode.ALL and len(right) != len(checked):
            write_report(job, checked)
            raise ValidationError(
                _("The directory has changed meanwhile and a line has become wrong: nothing was written.")
            )
        with transaction.atomic():
            keys.extend(write_rows(right))
            write_report(job, checked)
            ImportJob.objects.filter(pk=job.pk).update(state=ImportState.DONE, finished_at=timezone.now())

    _failing(job, work)
    index_organisations(keys)
    if keys:
        find_duplicates()
