"""Background work of the data rights."""

import logging

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from portal.accounts.data_rights.erasure import erase_account
from portal.accounts.data_rights.export import make_archive
from portal.accounts.data_rights.models import DataExport, Departure, ErasureRequest
from portal.accounts.data_rights.selectors import due_erasures, obstacles_of
from portal.core.addresses import absolute_of
from portal.mail.services import queue_mail

logger = logging.getLogger(__name__)


@task()
def make_export(pk: int) -> bool:
    """Make the archive of an export and tell its owner; False when it was replaced in the meantime."""
    export = DataExport.objects.filter(pk=pk, ready_at=None).select_related("user").first()
    if export is None:
        return False
    make_archive(export=export)
    queue_mail(
        "data_rights.export_ready",
        to=export.user.email,
        key=f"export-ready:{export.uid}",
        context={"days": DataExport.LIFETIME.days},
        url=absolute_of("data_rights:overview"),
    )
    return True


def erase_due_accounts() -> int:
    """Empty the accounts whose delay is over; returns how many.

    One that has become indispensable meanwhile waits, and its owner is told once.
    """
    erased, failures = 0, []
    for due in due_erasures(timezone.now()):
        try:
            erased += _erase_due(due)
        except Exception as error:
            # One account must not keep the others from leaving; the job shows as failed at the end.
            logger.exception("the erasure asked by account %s failed", due.user_id)
            failures.append(error)
    if failures:
        raise failures[0]
    return erased


@transaction.atomic
def _erase_due(due: ErasureRequest) -> bool:
    # Read again: its person may have changed their mind since the list was made.
    request = ErasureRequest.objects.select_for_update().filter(pk=due.pk, due_at__lte=timezone.now()).first()
    if request is None:
        return False
    if not obstacles_of(request.user):
        erase_account(user=request.user, reason=Departure.Reason.ASKED)
        return True
    queue_mail(
        "data_rights.erasure_waits",
        to=request.user.email,
        key=f"erasure-waits:{request.pk}:{request.asked_at:%Y%m%d%H%M%S}",
        url=absolute_of("data_rights:overview"),
    )
    return False
