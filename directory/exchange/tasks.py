"""Background work of imports."""

from django_tasks import task

from directory.exchange.work import run_check, run_write
from directory.models import ImportJob


@task()
def check_import(uid: str) -> None:
    """Judge the lines of a file."""
    run_check(job=ImportJob.objects.get(uid=uid))


@task()
def write_import(uid: str) -> None:
    """Write the lines of a judged file."""
    run_write(job=ImportJob.objects.get(uid=uid))
