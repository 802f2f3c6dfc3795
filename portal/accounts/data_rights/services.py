"""Writes of consents, exports and departures."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from portal.accounts.data_rights.models import Consent, DataExport, ErasureRequest
from portal.accounts.data_rights.selectors import latest_export, obstacles_of
from portal.accounts.models import User
from portal.core.addresses import absolute_of
from portal.core.dates import format_day
from portal.mail.services import queue_mail


class CannotLeaveError(Exception):
    """Something would be left without anyone to look after it."""


@transaction.atomic
def give_consent(*, user: User, subject: str, version: str, given_at: datetime | None = None) -> Consent:
    """Note that ``user`` agreed to a version of a text, now or ``given_at``; the first date stays after that."""
    consent, _created = Consent.objects.get_or_create(
        user=user,
        subject=subject,
        version=version,
        withdrawn_at=None,
        defaults={"given_at": given_at or timezone.now()},
    )
    return consent


@transaction.atomic
def withdraw_consent(*, user: User, subject: str) -> None:
    """Note that ``user`` no longer agrees; nothing happens where they never did."""
    Consent.objects.filter(user=user, subject=subject, withdrawn_at=None).update(withdrawn_at=timezone.now())


@transaction.atomic
def request_export(*, user: User) -> DataExport | None:
    """Note that ``user`` asks for a copy of their data, in place of the one before; only they may call this.

    Returns what the caller hands to ``tasks.make_export``, or None while another one is being made.
    """
    User.objects.select_for_update().get(pk=user.pk)
    present = latest_export(user)
    if present is not None and present.is_being_made:
        return None
    for old in DataExport.objects.filter(user=user):
        forget_export(export=old)
    return DataExport.objects.create(user=user)


@transaction.atomic
def forget_export(*, export: DataExport) -> None:
    """Delete an export, its file once all is committed."""
    name, storage = export.file.name, export.file.storage
    export.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def forget_old_exports() -> int:
    """Delete the exports whose time is over, or that were never made; returns how many."""
    now = timezone.now()
    lost = DataExport.objects.filter(ready_at=None, asked_at__lt=now - DataExport.GIVEN_UP_AFTER)
    over = [*DataExport.objects.filter(expires_at__lte=now), *lost]
    for export in over:
        forget_export(export=export)
    return len(over)


@transaction.atomic
def request_erasure(*, user: User) -> ErasureRequest:
    """Plan the departure of ``user``, who has just proven who they are; safe to call again.

    A mail tells them the day and how to change their mind. Raises CannotLeaveError while an
    organisation or a sheet would be left alone.
    """
    if obstacles_of(user):
        raise CannotLeaveError
    now = timezone.now()
    moments = {"asked_at": now, "due_at": now + ErasureRequest.DELAY}
    request, created = ErasureRequest.objects.get_or_create(user=user, defaults=moments)
    if created:
        queue_mail(
            "data_rights.erasure_planned",
            to=user.email,
            key=f"erasure-planned:{request.pk}:{request.asked_at:%Y%m%d%H%M%S}",
            context={"day": format_day(timezone.localdate(request.due_at))},
            url=absolute_of("data_rights:overview"),
        )
    return request


@transaction.atomic
def cancel_erasure(*, user: User) -> None:
    """Keep the account of ``user``, who changed their mind; nothing happens where they had not asked."""
    ErasureRequest.objects.filter(user=user).delete()
