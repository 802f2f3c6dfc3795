"""Writes of an organisation's page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from directory.branches import CircleError, hold_line
from directory.models import FormerName, Organisation
from portal.accounts.models import User


@dataclass(frozen=True)
class OtherName:
    """A former or usual name; ``until`` is the day when it ended."""

    name: str
    kind: str
    until: date | None = None


@dataclass(frozen=True)
class OrganisationChange:
    """What somebody wrote: fields of the organisation, its many-to-many links, its other names.

    ``joining`` become branches of it, ``leaving`` are branches no more.
    """

    fields: Mapping[str, Any]
    links: Mapping[str, Sequence[Any]]
    names: Iterable[OtherName]
    joining: Sequence[Organisation] = ()
    leaving: Sequence[Organisation] = ()


@transaction.atomic
def update_organisation(*, organisation: Organisation, change: OrganisationChange, by: User) -> Organisation:
    """Write what those who look after an organisation say of it; the caller has checked that ``by`` may.

    Whoever writes the page has read it: it counts as confirmed today. Writes the journal.
    Raises CircleError where what it would be a part of has become a part of it since the page was read.
    """
    parent: Organisation | None = change.fields.get("parent")
    held = hold_line(organisation, *change.joining, *change.leaving, *([parent] if parent else []))
    organisation = held[organisation.pk]
    if parent is not None and parent.stands_below(organisation):
        raise CircleError
    _write(organisation, change)
    for branch in change.joining:
        _move_branch(branch, organisation, joins=True, by=by)
    for branch in change.leaving:
        _move_branch(branch, organisation, joins=False, by=by)
    log(organisation, "wagtail.edit", user=by)
    return organisation


def _move_branch(branch: Organisation, organisation: Organisation, *, joins: bool, by: User) -> None:
    """Let a branch, which is locked, join or leave; one that has found another place since it was read stays there."""
    branch = Organisation.objects.get(pk=branch.pk)
    if joins:
        may_move = branch.parent_id in {None, organisation.pk} and not organisation.stands_below(branch)
    else:
        may_move = branch.parent_id == organisation.pk
    if not may_move:
        return
    branch.parent = organisation if joins else None
    branch.save(update_fields=["parent", "updated_at"])
    log(branch, "wagtail.edit", user=by)


@transaction.atomic
def create_organisation(*, change: OrganisationChange, by: User) -> Organisation:
    """Add an organisation to the directory; animators only. Writes the journal."""
    organisation = Organisation()
    _write(organisation, change)
    log(organisation, "wagtail.create", user=by)
    return organisation


def _write(organisation: Organisation, change: OrganisationChange) -> None:
    for name, value in change.fields.items():
        setattr(organisation, name, value)
    organisation.last_confirmed_at = timezone.now()
    organisation.save()
    for name, ones in change.links.items():
        getattr(organisation, name).set(ones)
    _write_names(organisation, change.names)


def _write_names(organisation: Organisation, names: Iterable[OtherName]) -> None:
    """Bring the other names to ``names``; those that stay keep their rows."""
    wanted = {one.name: one for one in names}
    for known in FormerName.objects.filter(organisation=organisation):
        one = wanted.pop(known.name, None)
        if one is None:
            known.delete()
        elif (known.kind, known.until) != (one.kind, one.until):
            known.kind, known.until = FormerName.Kind(one.kind), one.until
            known.save()
    for one in wanted.values():
        FormerName.objects.create(organisation=organisation, name=one.name, kind=one.kind, until=one.until)
