"""The life of an import: a file is sent, judged in the background, then written or given up."""

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from directory.enums import ImportMode, ImportState
from directory.exchange.tasks import check_import, write_import
from directory.models import ImportJob
from portal.accounts.models import User


class NotReadyError(Exception):
    """The import is not at the step at which this can be done."""


@transaction.atomic
def start_import(*, file: File, owner: User) -> ImportJob:
    """Keep a file and have it judged in the background; animators only."""
    job = ImportJob.objects.create(file=file, file_name=(file.name or "")[-120:], owner=owner)
    transaction.on_commit(lambda: check_import.enqueue(str(job.uid)))
    return job


@transaction.atomic
def confirm_import(*, job: ImportJob, mode: str) -> None:
    """Have a judged file written in the background; raises NotReadyError unless it waits for this."""
    locked = ImportJob.objects.select_for_update().get(pk=job.pk)
    has_errors = bool(locked.refused)
    if locked.state != ImportState.CHECKED or (mode == ImportMode.ALL and has_errors):
        raise NotReadyError
    locked.state, locked.mode, locked.done = ImportState.WRITING, ImportMode(mode), 0
    locked.save(update_fields=["state", "mode", "done"])
    transaction.on_commit(lambda: write_import.enqueue(str(job.uid)))


@transaction.atomic
def drop_import(*, job: ImportJob) -> None:
    """Give an import up before anything is written; raises NotReadyError once it is being written."""
    locked = ImportJob.objects.select_for_update().get(pk=job.pk)
    if locked.state not in {ImportState.CHECKING, ImportState.CHECKED}:
        raise NotReadyError
    locked.state, locked.finished_at = ImportState.DROPPED, timezone.now()
    locked.save(update_fields=["state", "finished_at"])
