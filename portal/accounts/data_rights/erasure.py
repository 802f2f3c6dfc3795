"""Emptying an account: nothing of the person stays, what they wrote for the community does.

The account's row is kept without name, address or password (docs/adr/0008-erasure.md): discussions
and journals go on pointing to it, as to a member who has left.
"""

import secrets
from collections.abc import Iterable
from functools import partial
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.accounts.data_rights.models import Departure
from portal.accounts.data_rights.selectors import person_of
from portal.accounts.models import User, new_link_stamp, new_short_id
from portal.accounts.personal_data import OnErasure, PersonalData, cleanings, personal_data

#: No mail ever leaves for this domain (RFC 2606).
NOWHERE = "compte-supprime.invalid"


def departed_name() -> str:
    """Return what stands in the place of a name."""
    return _("Member who left the community")


@transaction.atomic
def erase_account(*, user: User, reason: str) -> Departure:
    """Empty the account of ``user`` and everything that is declared personal; there is no way back.

    Files go once all is committed. Obstacles are the caller's concern. Safe to call again.
    Called by the scheduled jobs alone.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    departure = Departure.objects.filter(user=user).first()
    if departure is not None:
        return departure
    forget_records(user=user)
    _empty_account(user)
    return Departure.objects.create(user=user, reason=Departure.Reason(reason))


@transaction.atomic
def forget_records(*, user: User) -> None:
    """Delete or empty all that is declared personal of ``user``, but for the account itself, and end their sessions.

    For an erasure, and for whoever deletes an account that never was a member's.
    """
    person = person_of(user)
    for clean in cleanings:
        clean(person)
    for declared in personal_data:
        if declared.model_class is User:
            continue
        records = list(declared.records_of(person))
        if declared.on_erasure is OnErasure.DELETE:
            _delete(records)
        else:
            _empty(records, declared)
    _end_sessions(user)


def _delete(records: Iterable[models.Model]) -> None:
    """Delete records one by one, so that everything that listens to deletions hears of them."""
    for record in records:
        for column in record._meta.local_fields:
            kept = getattr(record, column.name) if isinstance(column, models.FileField) else None
            if kept:
                transaction.on_commit(partial(kept.storage.delete, kept.name))
        record.delete()


def _empty(records: Iterable[models.Model], declared: PersonalData) -> None:
    for record in records if declared.emptied else ():
        for name, value in declared.emptied.items():
            setattr(record, name, value)
        record.save(update_fields=list(declared.emptied))


def _end_sessions(user: User) -> None:
    """Delete the sessions of ``user``: what a library keeps there may hold the address."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            store(session.session_key).delete()


def _empty_account(user: User) -> None:
    user.groups.clear()
    user.user_permissions.clear()
    user.email = f"{secrets.token_hex(8)}@{NOWHERE}"
    user.first_name, user.last_name, user.job_title = "", departed_name(), ""
    # The old address of the page names nobody any more, and old links open nothing.
    user.short_id, user.link_stamp = new_short_id(), new_link_stamp()
    user.is_active = user.is_superuser = False
    user.membership_status = User.MembershipStatus.SUSPENDED
    user.last_login = None
    user.set_unusable_password()
    user.save()
