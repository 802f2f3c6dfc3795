"""The report of an import: every line of its file, with what it does or why it cannot."""

from collections import Counter
from collections.abc import Iterator, Sequence

from django.db import transaction

from directory.enums import LineOutcome
from directory.exchange.checking import CheckedRow
from directory.models import ImportJob, ImportLine

BATCH = 1_000
#: The count of a job that each outcome fills.
COUNTED = {
    LineOutcome.CREATE: "to_create",
    LineOutcome.UPDATE: "to_update",
    LineOutcome.UNCHANGED: "unchanged",
    LineOutcome.WRONG: "refused",
}
TITLES = ("ligne", "nom", "resultat", "erreurs", "changements")


@transaction.atomic
def write_report(job: ImportJob, checked: Sequence[CheckedRow]) -> None:
    """Put the judgement of all lines in the place of the one before, with how many of each there are."""
    job.lines.all().delete()
    lines = (
        ImportLine(
            job=job, number=row.number, name=row.name, outcome=row.outcome, errors=row.errors, changes=row.changes
        )
        for row in checked
    )
    ImportLine.objects.bulk_create(lines, batch_size=BATCH)
    totals = Counter(row.outcome for row in checked)
    counts = {name: totals[outcome] for outcome, name in COUNTED.items()}
    ImportJob.objects.filter(pk=job.pk).update(done=len(checked), **counts)


def report_rows(job: ImportJob) -> Iterator[list[str | int]]:
    """Yield the report as the rows of a file, under ``TITLES``."""
    for line in job.lines.order_by("number").iterator(chunk_size=BATCH):
        changes = [f"{column} : {before} → {after}" for column, before, after in line.changes]
        outcome = LineOutcome(line.outcome).label
        yield [line.number, line.name, str(outcome), " ".join(line.errors), " | ".join(changes)]
