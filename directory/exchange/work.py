"""What a worker does of an import: judge the lines of its file, then write them."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.duplicates.detection import find_duplicates
from directory.enums import ImportMode, ImportState
from directory.exchange.checking import CREATE, CheckedRow, check_rows, wrong_rows
from directory.exchange.reading import read_rows
from directory.exchange.writing import index_organisations, write_rows
from directory.models import ImportJob
from directory.selectors import regions_written_by

#: Lines of the report that are kept; a file with more mistakes has one mistake.
MOST_REPORTED = 1_000


def _judged(job: ImportJob) -> list[CheckedRow]:
    with job.file.open("rb") as file:
        rows = read_rows(file.read())
    ImportJob.objects.filter(pk=job.pk).update(total=len(rows), done=0)

    def tell(done: int) -> None:
        ImportJob.objects.filter(pk=job.pk).update(done=done)

    return check_rows(rows, tell=tell, regions=regions_written_by(job.owner))


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
        right = [row for row in checked if not row.errors]
        created = sum(row.action == CREATE for row in right)
        # One that was given up meanwhile stays so.
        ImportJob.objects.filter(pk=job.pk, state=ImportState.CHECKING).update(
            state=ImportState.CHECKED,
            done=len(checked),
            to_create=created,
            to_update=len(right) - created,
            refused=len(checked) - len(right),
            report=wrong_rows(checked)[:MOST_REPORTED],
        )

    _failing(job, work)


def run_write(*, job: ImportJob) -> None:
    """Write the lines of a judged file, all in one transaction; run by a worker, and safe to run again.

    Lines are judged anew: the directory may have changed since. With the mode "all", one that is
    wrong by now leaves everything as it was.
    """
    if job.state != ImportState.WRITING:
        return
    keys: list[int] = []

    def work() -> None:
        checked = _judged(job)
        right = [row for row in checked if not row.errors]
        if job.mode == ImportMode.ALL and len(right) != len(checked):
            raise ValidationError(
                _("The directory has changed meanwhile and a line has become wrong: nothing was written.")
            )
        with transaction.atomic():
            keys.extend(write_rows(right))
            ImportJob.objects.filter(pk=job.pk).update(
                state=ImportState.DONE, done=len(checked), finished_at=timezone.now()
            )

    _failing(job, work)
    index_organisations(keys)
    if keys:
        find_duplicates()
